import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RefusedError } from "../../src/engine/errors.ts";
import { explore } from "../../src/engine/explorer.ts";
import { compiled } from "./explored.ts";

const HEAD = "EXTENDS Integers, TLC, FiniteSets\nVARIABLE x\nvars == <<x>>\nInit == x = 0\n";

/** Explores a module of these definitions; Next and Inv are among them. */
async function outcomeOf(
  definitions: string,
  configuration = "INIT Init\nNEXT Next\nINVARIANT Inv",
) {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-refusals-"));
  try {
    const module = join(folder, "Refused.tla");
    const cfg = join(folder, "Refused.cfg");
    await writeFile(module, `---- MODULE Refused ----\n${HEAD}${definitions}\n====\n`);
    await writeFile(cfg, configuration);
    return explore(await compiled({ module, configuration: cfg, libraries: [] }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const STEP = "Next == x < 2 /\\ x' = x + 1\n";

/** What a spec may use and this engine does not cover: each is refused by name and place. */
const UNCOVERED: readonly (readonly [string, string, RegExp])[] = [
  ["ENABLED", `${STEP}Inv == ENABLED Next`, /ENABLED.*module Refused, line 7, column 8/],
  ["unbounded quantifier", `${STEP}Inv == \\A y : y = y`, /Unbounded.*module Refused, line 7/],
  ["CHOOSE without a set", `${STEP}Inv == x # CHOOSE y : y \\notin Int`, /UnboundedChoose.*line 7/],
  ["TLCGet", `${STEP}Inv == TLCGet(1) = 0`, /TLC's TLCGet.*line 7, column 8/],
  ["a prime in an invariant", `${STEP}Inv == x' > x`, /prime in what is said of one state.*line 7/],
  ["a number of more than 32 bits", `${STEP}Inv == x # 2147483648`, /number 2147483648.*line 7/],
  ["RandomElement", `${STEP}Inv == RandomElement({1, 2}) > 0`, /RandomElement.*line 7/],
];

test.each(UNCOVERED)(
  "%s is refused by name and place",
  { timeout: 60_000 },
  async (_, text, said) => {
    await expect(outcomeOf(text)).rejects.toThrow(RefusedError);
    await expect(outcomeOf(text)).rejects.toThrow(said);
  },
);

test("a CHOOSE with two witnesses is refused: TLC's choice is its own", {
  timeout: 60_000,
}, async () => {
  const text = `${STEP}Inv == (CHOOSE y \\in 1 .. 3 : y > 1) = 2`;
  await expect(outcomeOf(text)).rejects.toThrow(/more than one witness.*\n?.*/);
});

test.each([
  ["POSTCONDITION Inv", /names POSTCONDITION, which/],
  ["CONSTANT N = 2147483648", /2147483648 of the configuration is beyond/],
])("%s of a configuration is refused", { timeout: 60_000 }, async (line, said) => {
  const configuration = `INIT Init\nNEXT Next\nINVARIANT Inv\n${line}`;
  await expect(outcomeOf(`${STEP}Inv == TRUE`, configuration)).rejects.toThrow(said);
});

test("a model value that has a type by its name is not compared with what has another", {
  timeout: 60_000,
}, async () => {
  const text = `CONSTANTS A, B\n${STEP}Inv == A # B /\\ A # x`;
  const configuration = (a: string, b: string) =>
    `INIT Init\nNEXT Next\nINVARIANT Inv\nCHECK_DEADLOCK FALSE\nCONSTANTS A = ${a}\nB = ${b}`;
  expect((await outcomeOf(text, configuration("s1", "t_1"))).violation).toBe(null);
  expect((await outcomeOf(text, configuration("s_1", "s_2"))).violation?.kind).toBe("error");
  expect((await outcomeOf(text, configuration("s_1", "t_1"))).violation?.kind).toBe("error");
});

test("an assumption without a value is an error that is told", { timeout: 60_000 }, async () => {
  const { violation } = await outcomeOf(`ASSUME <<1>>[2] = 1\n${STEP}Inv == TRUE`);
  expect(violation).toMatchObject({
    kind: "error",
    name: expect.stringContaining("out of bounds"),
  });
});

test("a liveness property is refused", { timeout: 60_000 }, async () => {
  const text = `${STEP}Inv == TRUE\nSpec == Init /\\ [][Next]_vars /\\ WF_vars(Next)\nLive == <>(x = 2)`;
  const configuration = "SPECIFICATION Spec\nPROPERTY Live";
  await expect(outcomeOf(text, configuration)).rejects.toThrow(/liveness property.*line 9/);
});

test("a variable that an action leaves without a value is an error, as in TLC", {
  timeout: 60_000,
}, async () => {
  const { violation } = await outcomeOf("Next == x < 2\nInv == TRUE");
  expect(violation).toMatchObject({
    kind: "error",
    name: expect.stringContaining("not assigned: x"),
  });
});

test("an error of evaluation is a result, and has TLC's words", { timeout: 60_000 }, async () => {
  const { violation } = await outcomeOf(`${STEP}Inv == <<1>>[x + 1] = 1`);
  expect(violation?.name).toMatch(/access index 2 of tuple\n<<1>>\nwhich is out of bounds/);
});

test("what SANY has something against is refused, though its exporter writes it out", async () => {
  const nested = "CHOOSE z \\in {1} : \\A y \\in {CHOOSE z \\in {1} : z = 1} : y <= z";
  await expect(outcomeOf(`${STEP}Inv == x <= ${nested}`)).rejects.toThrow(
    /Multiply-defined symbol 'z'/,
  );
});

test.each([
  ["Naturals", "Wide == 1", /replaces Wide of module Naturals, which does not define it/],
  ["Refused", "Wide(n) == n", /replaces Wide by Wider, which takes another number of operands/],
])(
  "an override of module %s's definition that does not fit is refused",
  {
    timeout: 60_000,
  },
  async (module, wide, said) => {
    const text = `${STEP}Inv == TRUE\n${wide}\nWider == 2`;
    const configuration = `INIT Init\nNEXT Next\nINVARIANT Inv\nCONSTANT Wide <- [${module}]Wider`;
    await expect(outcomeOf(text, configuration)).rejects.toThrow(RefusedError);
    await expect(outcomeOf(text, configuration)).rejects.toThrow(said);
  },
);

test("a set that TLC does not list, of what cannot be compared, is refused", {
  timeout: 60_000,
}, async () => {
  // TLC goes through the one and then the other, and compares nothing.
  const text = `${STEP}Inv == \\A f \\in [1 .. 2 -> SUBSET {1}] \\cup ({1} \\X SUBSET {"a"}) : DOMAIN f = 1 .. 2`;
  await expect(outcomeOf(text)).rejects.toThrow(
    /cannot be compared, is not covered.* It is met in Inv, module Refused, line 7, column 1\./,
  );
});

test("a set of a configuration, of what cannot be compared, is refused by the constant's name", {
  timeout: 60_000,
}, async () => {
  const text = `CONSTANT Mixed\n${STEP}Inv == Mixed # {}`;
  const configuration = 'INIT Init\nNEXT Next\nINVARIANT Inv\nCONSTANT Mixed = {1, "s"}';
  await expect(outcomeOf(text, configuration)).rejects.toThrow(/value of Mixed is none/);
});

test.each([
  ["an action", "Next == x < 2 /\\ Nat # Int /\\ x' = x + 1\nInv == TRUE", /met in Next, .*line 6/],
  ["a property", `${STEP}Inv == [][Nat # Int]_x`, /met in Inv, .*line 7/],
  ["a constraint", `${STEP}Inv == Nat # Int`, /met in Inv, .*line 7/],
])(
  "what is refused while %s is evaluated is refused by its place",
  { timeout: 60_000 },
  async (kind, text, said) => {
    const section = {
      "an action": "INVARIANT",
      "a property": "PROPERTY",
      "a constraint": "CONSTRAINT",
    }[kind];
    const configuration = `INIT Init\nNEXT Next\n${section} Inv`;
    await expect(outcomeOf(text, configuration)).rejects.toThrow(said);
  },
);
