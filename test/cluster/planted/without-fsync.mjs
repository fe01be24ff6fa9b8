// A server that leaves out fsync, so that a loss of power takes what it has answered for.
import { runServer } from "../../../dist/src/cluster/processes/run-server.js";
import { openStorage } from "../../../dist/src/node/storage.js";

await runServer({
  openStorage: (options) => openStorage({ ...options, files: withoutFsync(options.files) }),
});

/**
 * @param {import("../../../src/node/files/files.ts").Files} files
 * @returns {import("../../../src/node/files/files.ts").Files}
 */
function withoutFsync(files) {
  return new Proxy(files, {
    get(target, name) {
      if (name !== "open") return target[/** @type {keyof typeof target} */ (name)].bind(target);
      return async (/** @type {Parameters<typeof files.open>} */ ...args) => {
        const file = await target.open(...args);
        file.sync = async () => {};
        return file;
      };
    },
  });
}
