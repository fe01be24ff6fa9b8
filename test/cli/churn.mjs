/**
 * Loaded into a process before its program: once the file CHURN_AFTER is there, makes garbage in the old
 * generation, beside 60 MB that stay alive, and writes to the file CHURN_RESULT by how many times the
 * heap was larger at the most.
 */
import { existsSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** @param {number} at */
function record(at) {
  return { at, text: `record ${at}`, list: [at, at, at, at] };
}

/** @param {string} result */
function churn(result) {
  const held = Array.from({ length: 300_000 }, (_, at) => record(at));
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const alive = process.memoryUsage().heapUsed;
  let most = 0;
  let place = 0;
  for (let turn = 0; turn < 200; turn++) {
    for (let made = 0; made < 10_000; made++) {
      place = (place + 7919) % held.length;
      held[place] = record(made);
    }
    most = Math.max(most, process.memoryUsage().heapUsed);
  }
  writeFileSync(result, String(most / alive));
}

const { CHURN_AFTER = "", CHURN_RESULT = "" } = process.env;
const timer = setInterval(() => {
  if (!existsSync(CHURN_AFTER)) return;
  clearInterval(timer);
  churn(CHURN_RESULT);
}, 20);
