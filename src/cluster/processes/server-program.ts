/**
 * The program of a server of a local cluster: `lockstep serve` with a disk that fails when it is
 * told to, and notes on what a loss of power would take.
 *
 * Usage: node server-program.js CONFIG.json
 */
import { runServer } from "./run-server.ts";

await runServer({});
