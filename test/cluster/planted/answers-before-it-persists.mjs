// A server that sends and answers while what it has to persist first is still on its way to the disk.
import { setTimeout as wait } from "node:timers/promises";
import { runServer } from "../../../dist/src/cluster/processes/run-server.js";
import { openStorage } from "../../../dist/src/node/storage.js";

const LATE_MILLISECONDS = 50;

await runServer({
  openStorage: async (options) => {
    const opened = await openStorage(options);
    const { storage } = opened;
    const persist = storage.persist.bind(storage);
    let last = Promise.resolve();
    storage.persist = async (batch) => {
      last = last.then(() => wait(LATE_MILLISECONDS)).then(() => persist(batch));
    };
    return opened;
  },
});
