import type { FaultKind } from "./faults.ts";
import type { Random } from "./random.ts";

/** The kinds of partitions. */
type PartitionKind = Extract<FaultKind, "partition" | "oneWayPartition" | "partialPartition">;

/** Which links of the network carry messages now. A link has a direction. */
export class Links {
  readonly #servers: number;
  readonly #cut: Uint8Array;

  constructor(servers: number) {
    this.#servers = servers;
    this.#cut = new Uint8Array(servers * servers);
  }

  isCut(from: number, to: number): boolean {
    return this.#cut[from * this.#servers + to] === 1;
  }

  heal(): void {
    this.#cut.fill(0);
  }

  /**
   * Cuts the cluster: in two halves that hear nothing of each other; so that one of them is
   * heard and hears nothing; or some pairs of servers, so that who reaches whom is no longer
   * transitive. There must be two servers or more.
   *
   * @param alone a server that may end up on a side of its own
   */
  partition(random: Random, alone: number): PartitionKind {
    const kind = random.pick<PartitionKind>(["partition", "oneWayPartition", "partialPartition"]);
    // Both sides have a server: neither no bit is set nor all of them.
    const sides = random.happens(500) ? 1 << alone : random.between(1, 2 ** this.#servers - 2);
    if (kind === "partialPartition") this.#cutSomePairs(random);
    else this.#cutInTwo(sides, kind === "oneWayPartition");
    return kind;
  }

  #cutInTwo(sides: number, isOneWay: boolean): void {
    for (let from = 0; from < this.#servers; from++) {
      for (let to = 0; to < this.#servers; to++) {
        const fromSide = (sides >> from) & 1;
        const toSide = (sides >> to) & 1;
        if (fromSide === toSide || (isOneWay && fromSide === 0)) continue;
        this.#cut[from * this.#servers + to] = 1;
      }
    }
  }

  #cutSomePairs(random: Random): void {
    for (let one = 0; one < this.#servers; one++) {
      for (let other = 0; other < one; other++) {
        if (!random.happens(500)) continue;
        this.#cut[one * this.#servers + other] = 1;
        this.#cut[other * this.#servers + one] = 1;
      }
    }
  }
}
