import { describe, expect, it } from "vitest";
import type { Message } from "../../src/core/index.ts";
import { calmDials } from "../../src/sim/dials.ts";
import { World } from "../../src/sim/world.ts";

/** A cluster whose first server has been elected, and all of whose messages have arrived. */
function ledCluster(servers: number, down: readonly number[] = []): World {
  const world = new World({ dials: { ...calmDials, servers, clients: 1 } });
  for (const place of down) world.crash(place, 0);
  world.timeout(0, false);
  deliverAll(world);
  return world;
}

function deliverAll(world: World): void {
  for (let sent = world.takeSent(); sent.length > 0; sent = world.takeSent()) {
    for (const message of sent) world.deliver(message, false);
  }
}

/** The client's next operation is asked for, and taken. */
function register(world: World): void {
  world.ask([0], 0, false);
  deliverAll(world);
  expect(world.takeAnswered()).toEqual([0]);
  world.apply({ type: "answer", client: 0 });
}

function requests(messages: readonly Message[]): number {
  return messages.filter(({ type }) => type === "AppendEntriesRequest").length;
}

describe("the common case", () => {
  // @claim OneRoundACommand
  it.each([3, 5, 7])("is one round of RPCs a command among %i servers", (servers) => {
    const world = ledCluster(servers);
    register(world);
    world.ask([0], 0, false);
    const round = world.takeSent();
    expect(requests(round)).toBe(servers - 1);
    for (const message of round) world.deliver(message, false);
    const responses = world.takeSent();
    expect(responses.length).toBe(servers - 1);
    for (const message of responses) world.deliver(message, false);
    expect(world.takeAnswered()).toEqual([0]);
    expect(requests(world.takeSent())).toBe(0);
  });

  // @claim SlowMinority
  it.each([3, 5, 7])("is no slower with a slow minority of %i servers", (servers) => {
    const world = ledCluster(servers);
    register(world);
    const fast = (servers - 1) / 2;
    world.ask([0], 0, false);
    const round = world.takeSent();
    for (const message of round.slice(0, fast)) world.deliver(message, false);
    for (const message of world.takeSent()) world.deliver(message, false);
    expect(world.takeAnswered()).toEqual([0]);
  });

  // @claim AvailableWithAMajority
  it("goes on among 5 servers of which 2 are down, and not with 3 down", () => {
    const world = ledCluster(5, [3, 4]);
    register(world);
    world.ask([0], 0, false);
    deliverAll(world);
    expect(world.takeAnswered()).toEqual([0]);
    world.apply({ type: "answer", client: 0 });
    world.crash(2, 0);
    world.ask([0], 0, false);
    deliverAll(world);
    expect(world.takeAnswered()).toEqual([]);
  });
});
