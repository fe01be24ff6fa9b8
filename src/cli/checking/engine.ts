/** The engine that judges traces, by its name, and how its reports are coloured. */
import { agreeing } from "../../../trace-check/agreeing.ts";
import { createCompiledEngine, createFileEngine } from "../../../trace-check/compiled/engine.ts";
import type { Engine } from "../../../trace-check/engine.ts";
import { PLAIN, type Style } from "../../../trace-check/report.ts";
import { createTlcEngine } from "../../../trace-check/tlc/engine.ts";
import { locateTlcInstallation } from "../../../trace-check/tlc/install.ts";
import type { CommandIo } from "../command.ts";
import { styled } from "../io.ts";
import type { EngineName } from "./arguments.ts";

/** `workers`: how many threads check files at once, where the engine can. */
export function engineNamed(name: EngineName, workers: number, io: CommandIo): Engine {
  switch (name) {
    case "tlc":
      return tlcEngine(io);
    case "compiled":
      return createFileEngine(workers);
    case "both":
      return agreeing(tlcEngine(io), createCompiledEngine());
  }
}

/** TLC, looked for (and fetched) once there is something to check. */
function tlcEngine(io: CommandIo): Engine {
  let located: Promise<Engine> | undefined;
  const locate = async () =>
    createTlcEngine(await locateTlcInstallation(io.env, (line) => io.stderr(`${line}\n`)));
  return {
    name: "tlc",
    check: async (traces) => {
      located ??= locate();
      return await (await located).check(traces);
    },
  };
}

export function styleOf(io: CommandIo): Style {
  if (!io.color) return PLAIN;
  return {
    bad: (text) => styled(io, "red", text),
    good: (text) => styled(io, "green", text),
    strong: (text) => styled(io, "bold", text),
  };
}
