#!/usr/bin/env node
/** The program `lockstep`. */
import { checkCommand } from "./check.ts";
import type { Command } from "./command.ts";
import { dispatch } from "./dispatch.ts";
import { doctorCommand } from "./doctor.ts";
import { processIo } from "./io.ts";
import { modelCommand } from "./model.ts";

const COMMANDS: readonly Command[] = [modelCommand, checkCommand, doctorCommand];

process.exitCode = await dispatch(process.argv.slice(2), COMMANDS, processIo());
