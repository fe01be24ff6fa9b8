/**
 * A server that kills itself (SIGKILL) right after it has made a batch durable, before it traces it:
 * in one of so many batches. The program of `killed.test.ts`.
 *
 * Usage: node killed-server.mjs OPTIONS, as JSON: those of startServer, killsOneIn, and forgetsTrace:
 * whether a restart leaves out what the log carries of the trace
 */
import { KeyValueMachine, openStorage, startServer } from "../../dist/src/index.js";

const { killsOneIn, forgetsTrace, ...options } = JSON.parse(process.argv[2] ?? "");

const server = await startServer({
  ...options,
  machine: new KeyValueMachine(),
  openStorage: async (storageOptions) => {
    const onTrace = forgetsTrace ? () => {} : storageOptions.onTrace;
    const opened = await openStorage({ ...storageOptions, onTrace });
    const { storage } = opened;
    const persist = storage.persist.bind(storage);
    storage.persist = async (batch) => {
      await persist(batch);
      if (Math.random() * killsOneIn < 1) process.kill(process.pid, "SIGKILL");
    };
    return opened;
  },
});
process.on("SIGTERM", () => server.stop());
await server.stopped;
