import { describe, expect, test } from "vitest";
import {
  changesBetween,
  parseState,
  parseValue,
  showValue,
} from "../../src/model-check/tla-value.ts";

describe("values of TLA+ as TLC prints them", () => {
  test.each([
    "42",
    "-1",
    "TRUE",
    "s1",
    '"Follower"',
    '"with \\" and {"',
    "<<>>",
    "{}",
    "{1, 2, {3}}",
    "<<1, <<2>>>>",
    "(s1 :> 0 @@ s2 :> <<>>)",
    '[term |-> 1, entries |-> <<[command |-> "a"]>>]',
    "(<<1, 2>> :> {s1})",
    "1..3",
  ])("%s is read and shown as it is", (text) => {
    expect(showValue(parseValue(text))).toBe(text);
  });

  test("spread over lines is the same value", () => {
    const text = "{ [ term |-> 1,\n    from |-> s1 ],\n  [ term |-> 2,\n    from |-> s2 ] }";
    expect(showValue(parseValue(text))).toBe(
      "{[term |-> 1, from |-> s1], [term |-> 2, from |-> s2]}",
    );
  });

  test.each(["", "<<1", "{1 2}", "[a -> 1]", '"open'])("%j is refused", (text) => {
    expect(() => parseValue(text)).toThrow();
  });
});

describe("what a step changed", () => {
  const before = parseState(
    '/\\ role = (s1 :> "Follower" @@ s2 :> "Follower")\n/\\ log = (s1 :> <<1, 2>> @@ s2 :> <<1>>)\n/\\ messages = {1, 2}\n/\\ best = <<1>>',
  );

  function changes(text: string) {
    const after = new Map([...before, ...parseState(text)]);
    return changesBetween(before, after);
  }

  test("is named down to the server", () => {
    expect(changes('/\\ role = (s1 :> "Leader" @@ s2 :> "Follower")')).toEqual([
      { place: "role[s1]", before: '"Follower"', after: '"Leader"', added: null, removed: null },
    ]);
  });

  test("of a set is what came and went", () => {
    expect(changes("/\\ messages = {2, 3}")).toMatchObject([
      { place: "messages", added: ["3"], removed: ["1"] },
    ]);
  });

  test("of a sequence is what was appended or cut", () => {
    expect(changes("/\\ log = (s1 :> <<1>> @@ s2 :> <<1, 5>>)")).toMatchObject([
      { place: "log[s1]", added: [], removed: ["2"] },
      { place: "log[s2]", added: ["5"], removed: [] },
    ]);
    expect(changes("/\\ best = <<2>>")).toMatchObject([
      { place: "best", before: "<<1>>", after: "<<2>>", added: null },
    ]);
  });

  test("is nothing where a set is only printed in another order", () => {
    expect(changes("/\\ messages = {2, 1}")).toEqual([]);
  });
});
