import { withArticle } from "./counted.ts";
import type { TraceEvent, TraceHeader, TraceVariable } from "./format.ts";
import { SentMessages } from "./lint-messages.ts";
import { stepSuspicions } from "./lint-steps.ts";
import type { FirstSuspicion, Suspicion } from "./suspicion.ts";

/** What an action always changes: a listed variable that the event does not log is forgotten. */
const ALWAYS_CHANGED: Readonly<Partial<Record<TraceEvent["action"], TraceVariable>>> = {
  Timeout: "currentTerm",
  BecomeLeader: "role",
  ClientRequest: "log",
  AppendNoOp: "log",
  AdvanceCommitIndex: "commitIndex",
  Apply: "lastApplied",
  CompactLog: "snapshotIndex",
  ConfirmLeadership: "round",
};

/**
 * Where an action is that cannot be without a change of the variable before: a listed variable
 * that is never logged is forgotten.
 */
const CHANGED_BEFORE: Readonly<Partial<Record<TraceVariable, TraceEvent["action"]>>> = {
  votedFor: "Timeout",
  votesGranted: "Timeout",
  lastApplied: "AdvanceCommitIndex",
  nextIndex: "AdvanceCommitIndex",
  matchIndex: "AdvanceCommitIndex",
};

const WORTH_LISTING = ["currentTerm", "votedFor", "log", "role", "commitIndex"] as const;

/** Gathers what is suspicious about a trace, event by event; each kind once, with its count. */
export class Suspicions {
  readonly #header: TraceHeader;
  readonly #found = new Map<string, { line: number; count: number; what: FirstSuspicion }>();
  readonly #messages: SentMessages;
  readonly #servers = new Set<string>();
  /** Those logged anywhere but in a Restart, which has to carry them. */
  readonly #logged = new Set<TraceVariable>();
  readonly #unlogged = new Map<TraceVariable, Unlogged>();
  readonly #actionLines = new Map<TraceEvent["action"], number>();
  readonly #logs = new LogHabits();

  constructor(header: TraceHeader) {
    this.#header = header;
    this.#messages = new SentMessages(header);
  }

  take(event: TraceEvent, line: number): void {
    if (!this.#servers.has(event.server) && recoversSomething(event)) {
      this.#add(line, {
        rule: "restartAtFirst",
        problem: `the first event of ${event.server} is a Restart that recovers a term or a log`,
        remedy: "Trace from the beginning: every server starts at term 0 with an empty log",
      });
    }
    this.#servers.add(event.server);
    if (!this.#actionLines.has(event.action)) this.#actionLines.set(event.action, line);
    this.#takeVariables(event, line);
    for (const what of stepSuspicions(event, this.#header)) this.#add(line, what);
    for (const what of this.#logs.take(event)) this.#add(line, what);
    this.#messages.take(event, line);
  }

  #takeVariables({ action, changed }: TraceEvent, line: number): void {
    for (const variable of this.#header.variables) {
      if (action !== "Restart" && changed?.[variable] !== undefined) this.#logged.add(variable);
    }
    const always = ALWAYS_CHANGED[action];
    if (always === undefined || !this.#header.variables.includes(always)) return;
    if (changed?.[always] !== undefined) return;
    const known = this.#unlogged.get(always);
    if (known === undefined) this.#unlogged.set(always, { line, count: 1, action });
    else known.count++;
  }

  /** All that was found, by line. */
  found(): readonly Suspicion[] {
    const found = [...this.#found.values()].map(({ line, count, what }) => ({
      ...what,
      line,
      count,
    }));
    return [...this.#ofTheWhole(), ...found, ...this.#messages.found()].sort(
      (a, b) => a.line - b.line,
    );
  }

  #add(line: number, what: FirstSuspicion): void {
    const key = `${what.rule} ${what.problem}`;
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { line, count: 1, what });
    else known.count++;
  }

  #ofTheWhole(): readonly Suspicion[] {
    const { variables, server, servers } = this.#header;
    const unlisted = WORTH_LISTING.filter((variable) => !variables.includes(variable));
    const silent = server === undefined ? servers.filter((each) => !this.#servers.has(each)) : [];
    return [
      ...this.#neverLogged(),
      ...unlisted.map((variable) => ({
        rule: "variableNotListed" as const,
        line: 1,
        count: 1,
        problem: `${variable} is not among the header's variables, so that it is computed and not compared`,
        remedy:
          "Log it if the implementation can show it: bugs are then found closer to their cause",
      })),
      ...(this.#servers.size === 0 ? [] : silent).map((each) => ({
        rule: "serverWithoutEvents" as const,
        line: 1,
        count: 1,
        problem: `server ${each} takes no step`,
        remedy:
          "Right if it was down all the time. Otherwise its logger is not on, or it writes elsewhere",
      })),
    ];
  }

  #neverLogged(): readonly Suspicion[] {
    return this.#header.variables.flatMap((variable) => {
      const unlogged = this.#unlogged.get(variable);
      const hasLogged = this.#logged.has(variable);
      if (unlogged !== undefined) {
        const { action, line, count } = unlogged;
        return hasLogged
          ? [{ ...notLoggedBy(variable, action), line, count }]
          : [{ ...neverLogged(variable, `not even ${withArticle(action)}`), line, count: 1 }];
      }
      const action = CHANGED_BEFORE[variable];
      if (action === undefined) return [];
      const line = this.#actionLines.get(action);
      const isAlone = this.#header.servers.length === 1 && variable.endsWith("Index");
      if (line === undefined || hasLogged || isAlone) return [];
      return [
        { ...neverLogged(variable, `though there is ${withArticle(action)}`), line, count: 1 },
      ];
    });
  }
}

/** Events of an action that do not log what the action always changes. */
interface Unlogged {
  readonly line: number;
  count: number;
  readonly action: TraceEvent["action"];
}

function notLoggedBy(variable: TraceVariable, action: string): FirstSuspicion {
  return {
    rule: "incompleteStep",
    problem: `${withArticle(action)} does not log ${variable}, which it always changes`,
    remedy: "Absent means unchanged: log what the variable is after the step",
  };
}

function neverLogged(variable: TraceVariable, detail: string): FirstSuspicion {
  return {
    rule: "variableNeverLogged",
    problem: `${variable} is among the header's variables and no event logs it, ${detail}`,
    remedy: "Absent means unchanged: log it where it changes, or take it off the header's list",
  };
}

function recoversSomething({ action, changed }: TraceEvent): boolean {
  if (action !== "Restart") return false;
  return (changed?.currentTerm ?? 0) > 0 || (changed?.log?.[1].length ?? 0) > 0;
}

/** How servers log their logs: what only shows over several events. */
class LogHabits {
  readonly #lastIndexes = new Map<string, number>();

  take(event: TraceEvent): readonly FirstSuspicion[] {
    const log = event.changed?.log;
    if (log === undefined) return [];
    const before = this.#lastIndexes.get(event.server) ?? 0;
    const [from, entries] = log;
    this.#lastIndexes.set(event.server, from - 1 + entries.length);
    if (event.action === "Restart") {
      if (before === 0 || from - 1 + entries.length > 0) return [];
      return [
        {
          rule: "restartWithoutLog",
          problem: "a Restart recovers an empty log though the server had entries",
          remedy: "Write the whole log as it was read from stable storage, [1,[...]]",
        },
      ];
    }
    if (from > 1 || before < 2 || entries.length <= before) return [];
    return [
      {
        rule: "wholeLogs",
        problem: "the whole log is logged where entries were appended",
        remedy: "Right, but it makes traces long: write only what is new, [fromIndex, newEntries]",
      },
    ];
  }
}
