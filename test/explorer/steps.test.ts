import { expect, test } from "vitest";
import { optionsOf } from "../../src/explorer/model/choices.ts";
import { coreStateOf, firstFrame, nextFrame } from "../../src/explorer/model/frame.ts";
import { SpecSide } from "../../src/explorer/model/spec-side.ts";
import { tracedOf, viewOf } from "../../src/explorer/model/view.ts";

test("what the spec allows the code takes, and both come to the same state", () => {
  for (let seed = 1; seed <= 6; seed++) {
    const servers = ["s1", "s2", "s3"];
    const spec = new SpecSide(servers);
    let frame = firstFrame(servers, spec);
    let random = seed;
    for (let step = 0; step < 40; step++) {
      const possible = optionsOf(frame, spec).filter(
        (option) => option.isAllowed && option.obstacle === null,
      );
      random = (random * 48271) % 2147483647;
      const option = possible[random % possible.length];
      if (option === undefined) throw new Error("nothing is possible");
      const next = nextFrame(frame, { kind: "step", choice: option.choice }, spec);
      if (typeof next === "string") throw new Error(`${option.choice.action}: ${next}`);
      expect(next.step?.divergence ?? null).toBeNull();
      expect(next.broken).toEqual([]);
      const view = viewOf(next.state, servers, spec.names);
      for (const server of servers) {
        const viewed = view.servers.get(server);
        if (viewed === undefined) throw new Error(server);
        expect(coreStateOf(next, server), server).toEqual(tracedOf(viewed));
      }
      frame = next;
    }
  }
});
