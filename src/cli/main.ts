#!/usr/bin/env node
import { exitOnSignals } from "../setup/scratch.ts";
/** The program `lockstep`. */
import { benchCommand } from "./bench.ts";
import { checkCommand } from "./check.ts";
import { clientCommand } from "./client.ts";
import { clusterCommand } from "./cluster.ts";
import type { Command } from "./command.ts";
import { compileCommand } from "./compile.ts";
import { dispatch } from "./dispatch.ts";
import { doctorCommand } from "./doctor.ts";
import { exploreCommand } from "./explore.ts";
import { fuzzCommand } from "./fuzz.ts";
import { processIo } from "./io.ts";
import { modelCommand } from "./model.ts";
import { replayCommand } from "./replay.ts";
import { serveCommand } from "./serve.ts";
import { startCommand } from "./start.ts";

const COMMANDS: readonly Command[] = [
  startCommand,
  modelCommand,
  fuzzCommand,
  checkCommand,
  replayCommand,
  exploreCommand,
  serveCommand,
  clientCommand,
  benchCommand,
  clusterCommand,
  compileCommand,
  doctorCommand,
];

const io = processIo();
exitOnSignals(io.stderr);
process.exitCode = await dispatch(process.argv.slice(2), COMMANDS, io);
