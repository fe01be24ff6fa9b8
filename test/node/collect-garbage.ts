import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Collects garbage at once: all of it, or that of the young generation alone. */
export const collectGarbage = runInNewContext("gc") as (options?: { type: "minor" }) => void;
