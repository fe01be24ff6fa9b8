// `npm start`: prepares the clone, then runs `lockstep start` with what follows `npm start --`.
// @ts-check
import { join } from "node:path";
import { prepare, ROOT, run } from "./prepare.mjs";

prepare();
const main = join(ROOT, "dist", "src", "cli", "main.js");
const { status } = run(process.execPath, [main, "start", ...process.argv.slice(2)]);
process.exitCode = status ?? 1;
