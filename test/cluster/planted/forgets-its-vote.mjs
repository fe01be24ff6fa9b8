// A server that does not persist whom it has voted for, so that after a restart it may vote again.
import { runServer } from "../../../dist/src/cluster/processes/run-server.js";
import { openStorage } from "../../../dist/src/node/storage.js";

await runServer({
  openStorage: async (options) => {
    const opened = await openStorage(options);
    const { storage } = opened;
    const persist = storage.persist.bind(storage);
    storage.persist = (batch) => persist({ ...batch, votedFor: null });
    return opened;
  },
});
