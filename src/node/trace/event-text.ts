import type { Entry, Index } from "../../core/index.ts";
import type { TraceChanges, TraceEntry, TraceEvent, TraceMessage } from "../../trace/format.ts";
import { commandReference, entriesReference } from "./abbreviation.ts";
import { commandJson, entryJson } from "./command-text.ts";

/** The entries of the record that will carry the events, and the index of the first. */
export interface RecordEntries {
  readonly from: Index;
  readonly entries: readonly Entry[];
}

/** For events that no record with entries carries: nothing is abbreviated. */
export const NO_ENTRIES: RecordEntries = { from: 1, entries: [] };

/**
 * Events as lines of a trace: their JSON, with a hash in place of each long command. And the same
 * once more abbreviated, for the record that carries them: it has its entries anyhow, and a leader
 * tells of each four times, when it takes the command, in its log, and to each follower.
 */
export class EventText {
  /** The lines so far, each with its newline. */
  whole = "";
  /** The same, with references to the record's entries in place of their texts. */
  abbreviated = "";
  readonly #own: RecordEntries;
  /** The JSON of the record's commands, as far as it was needed. */
  readonly #commands: string[] = [];
  /** The entries that were told last: the same go to each follower. */
  #lastEntries = { first: -1, count: 0, text: "" };

  constructor(own: RecordEntries) {
    this.#own = own;
  }

  add(event: TraceEvent): void {
    const { command, changed, sent, index, round, received, note } = event;
    this.#text(`{"server":"${event.server}","seq":${event.seq},"action":"${event.action}"`);
    if (index !== undefined) this.#text(`,"index":${index}`);
    if (round !== undefined) this.#text(`,"round":${round}`);
    if (received !== undefined) this.#text(`,"received":${JSON.stringify(received)}`);
    if (note !== undefined) this.#text(`,"note":${JSON.stringify(note)}`);
    if (command !== undefined) this.#addCommand(command, changed);
    if (sent !== undefined) this.#addSent(sent);
    if (changed !== undefined) this.#addChanged(changed);
    this.#text("}\n");
  }

  #text(text: string): void {
    this.whole += text;
    this.abbreviated += text;
  }

  /** The command of a ClientRequest, which is that of the entry that it appends. */
  #addCommand(command: string, changed: TraceChanges | undefined): void {
    this.#text(',"command":');
    const [index = 0, [entry] = []] = changed?.log ?? [];
    const place = this.#placeOf(index, entry === undefined ? [] : [entry]);
    if (place < 0 || entry?.command !== command) {
      this.#text(commandJson(command));
      return;
    }
    this.whole += this.#commandAt(place, command);
    this.abbreviated += commandReference(place);
  }

  #addSent(sent: readonly TraceMessage[]): void {
    for (const [place, message] of sent.entries()) {
      this.#text(place === 0 ? ',"sent":[' : ",");
      if ("entries" in message && message.entries.length > 0) this.#addWithEntries(message);
      else this.#text(JSON.stringify(message));
    }
    this.#text("]");
  }

  #addWithEntries(message: Extract<TraceMessage, { readonly entries: unknown }>): void {
    const { entries, prevLogIndex, ...rest } = message;
    this.#text(`${JSON.stringify(rest).slice(0, -1)},"prevLogIndex":${prevLogIndex},"entries":[`);
    this.#addEntries(prevLogIndex + 1, entries);
    this.#text("]}");
  }

  #addChanged(changed: TraceChanges): void {
    const { log, ...rest } = changed;
    if (log === undefined) {
      this.#text(`,"changed":${JSON.stringify(rest)}`);
      return;
    }
    const [from, entries] = log;
    this.#text(`,"changed":{"log":[${from},[`);
    this.#addEntries(from, entries);
    this.#text("]]");
    for (const key in rest) {
      this.#text(`,"${key}":${JSON.stringify(rest[key as keyof typeof rest])}`);
    }
    this.#text("}");
  }

  /** Entries of a log, the first at `index`, without the brackets around them. */
  #addEntries(index: Index, entries: readonly TraceEntry[]): void {
    const first = this.#placeOf(index, entries);
    if (first < 0) {
      this.#text(
        entries.map(({ term, command }) => entryJson(term, commandJson(command))).join(","),
      );
      return;
    }
    const count = entries.length;
    const last = this.#lastEntries;
    const isKnown = first === last.first && count === last.count;
    if (!isKnown) this.#lastEntries = { first, count, text: this.#entriesAt(first, entries) };
    this.whole += this.#lastEntries.text;
    this.abbreviated += entriesReference(first, count);
  }

  /** Where the record has these very entries, the first of which is at `index`; -1: it has not. */
  #placeOf(index: Index, entries: readonly TraceEntry[]): number {
    const { from, entries: own } = this.#own;
    const place = index - from;
    if (place < 0 || entries.length === 0) return -1;
    const isOwn = entries.every((entry, at) => own[place + at] === entry);
    return isOwn ? place : -1;
  }

  #entriesAt(first: number, entries: readonly TraceEntry[]): string {
    let text = "";
    for (const [at, { term, command }] of entries.entries()) {
      const json = this.#commandAt(first + at, command);
      text += at === 0 ? entryJson(term, json) : `,${entryJson(term, json)}`;
    }
    return text;
  }

  #commandAt(place: number, command: string | null): string {
    const known = this.#commands[place];
    if (known !== undefined) return known;
    const text = commandJson(command);
    this.#commands[place] = text;
    return text;
  }
}
