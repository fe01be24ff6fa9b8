/** Random well-formed TLA+ expressions of the covered subset, of known types so that most have a value. */
import { randomFrom } from "../engine/mutations.ts";

type Type = "int" | "bool" | "str" | "ints" | "setOfInts" | "seq" | "fun" | "rec" | "pair";

const TYPES: readonly Type[] = [
  "int",
  "bool",
  "str",
  "ints",
  "setOfInts",
  "seq",
  "fun",
  "rec",
  "pair",
];

interface Variable {
  readonly name: string;
  readonly type: Type;
}

class Expressions {
  readonly #random: (bound: number) => number;
  #names = 0;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  any(depth: number): string {
    return this.make(TYPES[this.#random(TYPES.length)] ?? "int", depth, []);
  }

  make(type: Type, depth: number, scope: readonly Variable[]): string {
    const known = scope.filter((variable) => variable.type === type);
    if (known.length > 0 && this.#random(3) === 0)
      return known[this.#random(known.length)]?.name ?? "";
    if (depth <= 0) return this.#leaf(type);
    const ways = [...this.#general(type), ...this.#ways(type)];
    const way = ways[this.#random(ways.length)];
    return way === undefined ? this.#leaf(type) : way(depth - 1, scope);
  }

  #leaf(type: Type): string {
    const n = (): string => String(this.#random(5) - 1).replace(/^-1$/, "(-1)");
    switch (type) {
      case "int":
        return n();
      case "bool":
        return this.#random(2) === 0 ? "TRUE" : "FALSE";
      case "str":
        return this.#random(2) === 0 ? '"a"' : '"b"';
      case "ints":
        return ["{}", `{${n()}, ${n()}}`, "(0 .. 2)", `{${n()}}`][this.#random(4)] ?? "{}";
      case "setOfInts":
        return ["{{}}", "{{0, 1}, {2}}", "(SUBSET {0, 1})"][this.#random(3)] ?? "{{}}";
      case "seq":
        return ["<<>>", `<<${n()}>>`, `<<${n()}, ${n()}, ${n()}>>`][this.#random(3)] ?? "<<>>";
      case "fun":
        return `[i \\in 0 .. 2 |-> ${n()}]`;
      case "rec":
        return `[a |-> ${n()}, b |-> {${n()}}]`;
      case "pair":
        return `<<${n()}, "a">>`;
    }
  }

  #fresh(): string {
    this.#names++;
    return `v${this.#names}`;
  }

  /** Ways to any type: IF, LET, CASE, fields and arguments. */
  #general(type: Type): readonly ((depth: number, scope: readonly Variable[]) => string)[] {
    return [
      (d, s) =>
        `(IF ${this.make("bool", d, s)} THEN ${this.make(type, d, s)} ELSE ${this.make(type, d, s)})`,
      (d, s) => {
        const name = this.#fresh();
        const inner = TYPES[this.#random(TYPES.length)] ?? "int";
        return `(LET ${name} == ${this.make(inner, d, s)} IN ${this.make(type, d, [...s, { name, type: inner }])})`;
      },
      (d, s) => {
        const operator = this.#fresh();
        const name = this.#fresh();
        const body = this.make(type, d, [...s, { name, type: "int" }]);
        return `(LET ${operator}(${name}) == ${body} IN ${operator}(${this.make("int", d, s)}))`;
      },
      (d, s) =>
        `(CASE ${this.make("bool", d, s)} -> ${this.make(type, d, s)}\n  [] OTHER -> ${this.make(type, d, s)})`,
      (d, s) => `[x |-> ${this.make(type, d, s)}, y |-> 1].x`,
      (d, s) => `<<${this.make(type, d, s)}, ${this.make("int", d, s)}>>[1]`,
    ];
  }

  #bound(
    d: number,
    s: readonly Variable[],
  ): { readonly head: string; readonly scope: readonly Variable[] } {
    const name = this.#fresh();
    if (this.#random(5) === 0) {
      const other = this.#fresh();
      return {
        head: `<<${name}, ${other}>> \\in ${this.make("ints", d, s)} \\X ${this.make("ints", d, s)}`,
        scope: [...s, { name, type: "int" }, { name: other, type: "int" }],
      };
    }
    const type = this.#random(4) === 0 ? "ints" : "int";
    const domain = this.make(type === "int" ? "ints" : "setOfInts", d, s);
    return { head: `${name} \\in ${domain}`, scope: [...s, { name, type }] };
  }

  #ways(type: Type): readonly ((depth: number, scope: readonly Variable[]) => string)[] {
    const m = (t: Type, d: number, s: readonly Variable[]): string => this.make(t, d, s);
    const pick = (...of: readonly string[]): string => of[this.#random(of.length)] ?? "";
    switch (type) {
      case "int":
        return [
          (d, s) => `(${m("int", d, s)} ${pick("+", "-", "*")} ${m("int", d, s)})`,
          (d, s) => `(${m("int", d, s)} ${pick("\\div", "%")} ${pick("2", "3", m("int", d, s))})`,
          (d, s) => `Len(${m("seq", d, s)})`,
          (d, s) => `Cardinality(${m(pick("ints", "setOfInts") as Type, d, s)})`,
          (d, s) => `Head(<<${m("int", d, s)}>> \\o ${m("seq", d, s)})`,
          (d, s) => `${m("fun", d, s)}[${pick("0", "1", "2", m("int", d, s))}]`,
          (d, s) => `${m("rec", d, s)}.a`,
          (d, s) => `${m("seq", d, s)}[${pick("1", m("int", d, s))}]`,
          (d, s) => `(-${m("int", d, s)})`,
          (d, s) => {
            // A name of its own: within its scope another CHOOSE may stand.
            const [z, y] = [this.#fresh(), this.#fresh()];
            return `(CHOOSE ${z} \\in ${m("ints", d, s)} : \\A ${y} \\in ${m("ints", d, s)} : ${y} <= ${z})`;
          },
        ];
      case "bool":
        return [
          (d, s) => `(${m("bool", d, s)} ${pick("/\\", "\\/", "=>", "<=>")} ${m("bool", d, s)})`,
          (d, s) => `~${m("bool", d, s)}`,
          (d, s) => `(${m("int", d, s)} ${pick("<", ">", "<=", ">=", "=", "#")} ${m("int", d, s)})`,
          (d, s) =>
            `(${m("int", d, s)} ${pick("\\in", "\\notin")} ${pick(m("ints", d, s), "Nat", "Int")})`,
          (d, s) => `(${m("ints", d, s)} ${pick("\\subseteq", "=", "#")} ${m("ints", d, s)})`,
          (d, s) => `(${m("ints", d, s)} \\in ${m("setOfInts", d, s)})`,
          (d, s) => `(${m("seq", d, s)} ${pick("=", "#")} ${m("seq", d, s)})`,
          (d, s) => `(${m("seq", d, s)} \\in Seq(${m("ints", d, s)}))`,
          (d, s) => `(${m("fun", d, s)} \\in [0 .. 2 -> ${m("ints", d, s)}])`,
          (d, s) =>
            `(${m("rec", d, s)} \\in [a : ${m("ints", d, s)}, b : ${m("setOfInts", d, s)}])`,
          (d, s) => `(${m("str", d, s)} = ${m("str", d, s)})`,
          (d, s) => {
            const { head, scope } = this.#bound(d, s);
            return `(${pick("\\A", "\\E")} ${head} : ${m("bool", d, scope)})`;
          },
        ];
      case "str":
        return [(d, s) => `${m("pair", d, s)}[2]`];
      case "ints":
        return [
          (d, s) => `(${m("ints", d, s)} ${pick("\\cup", "\\cap", "\\")} ${m("ints", d, s)})`,
          (d, s) => `(${m("int", d, s)} .. ${m("int", d, s)})`,
          (d, s) => `{${m("int", d, s)}, ${m("int", d, s)}}`,
          (d, s) => `(UNION ${m("setOfInts", d, s)})`,
          (d, s) => `(DOMAIN ${m(pick("seq", "fun") as Type, d, s)})`,
          (d, s) => `${m("rec", d, s)}.b`,
          (d, s) => {
            const name = this.#fresh();
            return `{${name} \\in ${m("ints", d, s)} : ${m("bool", d, [...s, { name, type: "int" }])}}`;
          },
          (d, s) => {
            const { head, scope } = this.#bound(d, s);
            return `{${m("int", d, scope)} : ${head}}`;
          },
        ];
      case "setOfInts":
        return [
          (d, s) => `(SUBSET (${m("ints", d, s)} \\cap 0 .. 3))`,
          (d, s) => `{${m("ints", d, s)}, ${m("ints", d, s)}}`,
          (d, s) => `(${m("setOfInts", d, s)} ${pick("\\cup", "\\")} ${m("setOfInts", d, s)})`,
        ];
      case "seq":
        return [
          (d, s) => `Append(${m("seq", d, s)}, ${m("int", d, s)})`,
          (d, s) => `(${m("seq", d, s)} \\o ${m("seq", d, s)})`,
          (d, s) => `Tail(${pick("", "<<0>> \\o ")}${m("seq", d, s)})`,
          (d, s) => `SubSeq(${m("seq", d, s)}, 1, ${pick("1", "0", m("int", d, s))})`,
          (d, s) => {
            const name = this.#fresh();
            return `SelectSeq(${m("seq", d, s)}, LAMBDA ${name} : ${m("bool", d, [...s, { name, type: "int" }])})`;
          },
          (d, s) =>
            `[${m("seq", d, s)} EXCEPT ![${pick("1", m("int", d, s))}] = @ + ${m("int", d, s)}]`,
          (d, s) => {
            const name = this.#fresh();
            return `[${name} \\in 1 .. 2 |-> ${m("int", d, [...s, { name, type: "int" }])}]`;
          },
        ];
      case "fun":
        return [
          (d, s) => {
            const name = this.#fresh();
            return `[${name} \\in 0 .. 2 |-> ${m("int", d, [...s, { name, type: "int" }])}]`;
          },
          (d, s) =>
            `[${m("fun", d, s)} EXCEPT ![${m("int", d, s)}] = ${pick("", "@ + ")}${m("int", d, s)}]`,
          (d, s) => `((0 :> ${m("int", d, s)}) @@ ${m("fun", d, s)})`,
        ];
      case "rec":
        return [
          (d, s) => `[a |-> ${m("int", d, s)}, b |-> ${m("ints", d, s)}]`,
          (d, s) =>
            `[${m("rec", d, s)} EXCEPT !.a = ${m("int", d, s)}, !.b = @ \\cup ${m("ints", d, s)}]`,
        ];
      case "pair":
        return [(d, s) => `<<${m("int", d, s)}, ${m("str", d, s)}>>`];
    }
  }
}

/** So many expressions, the same from the same seed. */
export function randomExpressions(seed: number, count: number): readonly string[] {
  const expressions = new Expressions(seed);
  return Array.from({ length: count }, (_, i) => expressions.any(2 + (i % 3)));
}
