import { withArticle } from "./counted.ts";
import type { TraceEvent, TraceHeader, TraceMessage } from "./format.ts";
import type { Suspicion } from "./suspicion.ts";

interface Sent {
  readonly line: number;
  readonly type: TraceMessage["type"];
  readonly to: string;
}

interface Received {
  readonly line: number;
  readonly id: string;
}

/** Who sent what and who received it, as far as one file tells. */
export class SentMessages {
  /** A server's own file has only half of every message's story. */
  readonly #isWhole: boolean;
  readonly #sent = new Map<string, Sent>();
  readonly #early: Received[] = [];
  readonly #misdelivered: Suspicion[] = [];
  #received = 0;
  #firstSent = 0;

  constructor(header: TraceHeader) {
    this.#isWhole = header.server === undefined;
  }

  take(event: TraceEvent, line: number): void {
    if (!this.#isWhole) return;
    if (event.received !== undefined) this.#receive(event, event.received, line);
    for (const { id, type, to } of event.sent ?? []) {
      if (this.#sent.size === 0) this.#firstSent = line;
      this.#sent.set(id, { line, type, to });
    }
  }

  found(): readonly Suspicion[] {
    const early = this.#early.filter(({ id }) => this.#sent.has(id));
    const never = this.#early.filter(({ id }) => !this.#sent.has(id));
    return [
      ...counted(early, ({ id }) => ({
        rule: "receivedBeforeSent",
        problem: `${id} is received before it is sent, on line ${this.#sent.get(id)?.line}`,
        remedy:
          "Write the events of all servers in the order of their steps, a message's sending before its receipt; or a file a server, which are put in order",
      })),
      ...counted(never, ({ id }) => ({
        rule: "neverSent",
        problem: `${id} is received, and no event sends it`,
        remedy: "Log every message in the event that sends it, and receive it under the same id",
      })),
      ...this.#misdelivered.slice(0, 1).map((first) => ({
        ...first,
        count: this.#misdelivered.length,
      })),
      ...this.#nothingReceived(),
    ];
  }

  #receive({ server, action }: TraceEvent, id: string, line: number): void {
    this.#received++;
    const sent = this.#sent.get(id);
    if (sent === undefined) {
      this.#early.push({ line, id });
    } else if (sent.to !== server || action !== `Handle${sent.type}`) {
      this.#misdelivered.push({
        rule: "wrongReceiver",
        line,
        count: 1,
        problem: `${id} is ${withArticle(sent.type)} to ${sent.to}, and ${server} takes it in ${withArticle(action)}`,
        remedy: "Receive a message by its own id, at the server it was sent to, in its own action",
      });
    }
  }

  #nothingReceived(): readonly Suspicion[] {
    if (this.#received > 0 || this.#sent.size === 0) return [];
    return [
      {
        rule: "nothingReceived",
        line: this.#firstSent,
        count: this.#sent.size,
        problem: "messages are sent, and none is ever received",
        remedy:
          "A message may be lost, but hardly every one: log the Handle... actions, with the id in received",
      },
    ];
  }
}

function counted(
  found: readonly Received[],
  tell: (first: Received) => Omit<Suspicion, "line" | "count">,
): readonly Suspicion[] {
  const [first] = found;
  return first === undefined ? [] : [{ ...tell(first), line: first.line, count: found.length }];
}
