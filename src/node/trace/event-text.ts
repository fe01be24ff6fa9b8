import type { TraceChanges, TraceEntry, TraceEvent, TraceMessage } from "../../trace/format.ts";
import { shortCommand } from "./command-text.ts";

/**
 * Events as lines of a trace: their JSON, with a hash in place of each long command. A leader tells
 * of each command four times, when it takes it, in its log, and to each follower. So the text of a
 * command is made once, and kept for the lines that are made together: half of what tracing costs.
 */
export class EventText {
  readonly #commands = new Map<string, string>();

  /** The line of an event, with its newline. */
  line(event: TraceEvent): string {
    const { server, seq, action, command, changed, sent, ...rest } = event;
    let text = `{"server":"${server}","seq":${seq},"action":"${action}"`;
    for (const key in rest) {
      const value = rest[key as keyof typeof rest];
      text += `,"${key}":${typeof value === "number" ? value : JSON.stringify(value)}`;
    }
    if (command !== undefined) text += `,"command":${this.#commandText(command, true)}`;
    if (sent !== undefined) text += `,"sent":[${sent.map(this.#messageText, this).join(",")}]`;
    if (changed !== undefined) text += `,"changed":${this.#changedText(changed)}`;
    return `${text}}\n`;
  }

  /** Forgets the texts of commands: what comes next tells of others. */
  clear(): void {
    this.#commands.clear();
  }

  #messageText(message: TraceMessage): string {
    if (!("entries" in message) || message.entries.length === 0) return JSON.stringify(message);
    const { entries, ...rest } = message;
    return `${JSON.stringify(rest).slice(0, -1)},"entries":${this.#entriesText(entries)}}`;
  }

  #changedText(changed: TraceChanges): string {
    if (changed.log === undefined) return JSON.stringify(changed);
    const {
      log: [from, entries],
      ...rest
    } = changed;
    let text = `{"log":[${from},${this.#entriesText(entries)}]`;
    for (const key in rest) text += `,"${key}":${JSON.stringify(rest[key as keyof typeof rest])}`;
    return `${text}}`;
  }

  #entriesText(entries: readonly TraceEntry[]): string {
    return `[${entries.map(this.#entryText, this).join(",")}]`;
  }

  #entryText({ term, command }: TraceEntry): string {
    if (command === null) return `{"term":${term},"command":null}`;
    return `{"term":${term},"command":${this.#commandText(command, false)}}`;
  }

  /** @param isKept whether more lines will tell of it */
  #commandText(command: string, isKept: boolean): string {
    const known = this.#commands.get(command);
    if (known !== undefined) return known;
    const text = JSON.stringify(shortCommand(command));
    if (isKept) this.#commands.set(command, text);
    return text;
  }
}
