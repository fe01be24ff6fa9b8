// A server that goes by what it reads at a start, and does not write it again: after an fsync that
// failed, the disk may never have got it.
import { runServer } from "../../../dist/src/cluster/processes/run-server.js";
import { openStorage } from "../../../dist/src/node/storage.js";

await runServer({
  openStorage: async (options) => {
    const begin = { isOver: false };
    const opened = await openStorage({ ...options, files: withoutRewriting(options.files, begin) });
    begin.isOver = true;
    return opened;
  },
});

/**
 * @param {import("../../../src/node/files/files.ts").Files} files
 * @param {{ isOver: boolean }} begin
 * @returns {import("../../../src/node/files/files.ts").Files}
 */
function withoutRewriting(files, begin) {
  return new Proxy(files, {
    get(target, name) {
      if (name !== "open") return target[/** @type {keyof typeof target} */ (name)].bind(target);
      return async (/** @type {Parameters<typeof files.open>} */ ...[path, mode]) => {
        const file = await target.open(path, mode);
        if (mode === "new" || begin.isOver) return file;
        const write = file.write.bind(file);
        file.write = async (bytes, position) => {
          if (begin.isOver || position > 0) await write(bytes, position);
        };
        return file;
      };
    },
  });
}
