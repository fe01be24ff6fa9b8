/** A spec and a configuration to the text of a JavaScript module. */
import { RefusedError, showPlace } from "../engine/errors.ts";
import { Actions } from "./actions.ts";
import { Analysis } from "./analysis.ts";
import type { Configuration } from "./configuration.ts";
import type { TextAt } from "./conjuncts.ts";
import { Expressions } from "./expressions.ts";
import { type Behaviour, behaviourOf, type Formula } from "./formulas.ts";
import { identifier, indent, Output } from "./output.ts";
import { overriddenBy } from "./overrides.ts";
import { refuse } from "./refuse.ts";
import { TOP } from "./scope.ts";
import type { Definition, Id, SpecTree } from "./tree.ts";

export interface GenerateOptions {
  readonly spec: SpecTree;
  readonly configuration: Configuration;
  /** Definitions to be had by name as functions that make states ... */
  readonly steps?: readonly string[];
  /** ... and as functions that give values. */
  readonly values?: readonly string[];
  /** Definitions that whoever runs the spec supplies, in place of what the spec has. */
  readonly foreign?: readonly string[];
  /** What begins the names of definitions that may take the place of others: ForgottenX for X. */
  readonly alternatives?: string;
  /** Whether to write TypeScript, with types, and not JavaScript. */
  readonly isTyped?: boolean;
  /** The text of conjuncts, which the compiled spec has then to tell of them. */
  readonly textAt?: TextAt;
}

/**
 * The body of a function of the runtime `R`, the constants `C` and the foreign definitions
 * `H`, returning a CompiledSpec.
 */
export function generate(options: GenerateOptions): string {
  return new Generator(options).generate();
}

interface Named {
  readonly name: string;
  readonly js: string;
}

class Generator {
  readonly #options: GenerateOptions;
  readonly #byName = new Map<string, Definition>();
  readonly #output: Output;
  readonly #constants: readonly string[];
  readonly #expressions: Expressions;
  readonly #actions: Actions;

  constructor(options: GenerateOptions) {
    this.#options = options;
    this.#output = new Output(options.isTyped ?? false);
    const { spec, configuration } = options;
    for (const id of spec.rootDefinitions) {
      const definition = spec.definitions.get(id);
      if (definition !== undefined) this.#byName.set(definition.name, definition);
    }
    const names = new Map<Id, string>();
    const overrides = overriddenBy(spec, configuration.overrides, (name) => this.#definition(name));
    const constants: string[] = [];
    for (const id of spec.rootDeclarations) {
      const declaration = spec.declarations.get(id);
      if (declaration === undefined || declaration.kind === "variable") continue;
      const override = configuration.overrides.find(
        ({ name, module }) => module === null && name === declaration.name,
      );
      if (override !== undefined) {
        const target = this.#definition(override.target);
        if (declaration.arity > 0)
          throw new RefusedError(
            `The constant operator ${declaration.name} is not covered by the compiled engine.`,
          );
        names.set(id, `${this.#output.global(declaration.name)}()`);
        this.#overriddenConstants.push({ id, target });
        continue;
      }
      names.set(id, this.#output.global(declaration.name));
      constants.push(declaration.name);
    }
    const replaced = new Set<Id>();
    for (const name of configuration.constants.keys()) {
      const definition = this.#byName.get(name);
      if (definition === undefined) continue;
      replaced.add(definition.id);
      names.set(definition.id, this.#output.global(name));
      constants.push(name);
    }
    this.#constants = constants;
    const analysis = new Analysis(spec, overrides, replaced, this.#alternatives());
    this.#expressions = new Expressions(analysis, this.#output, names, new Set(options.foreign));
    this.#actions = new Actions(
      this.#expressions,
      configuration.specification !== null || configuration.next !== null,
      options.textAt,
    );
    this.#names = names;
  }

  readonly #names: ReadonlyMap<Id, string>;
  readonly #overriddenConstants: { id: Id; target: Definition }[] = [];

  #alternatives(): ReadonlyMap<Id, Id> {
    const prefix = this.#options.alternatives;
    if (prefix === undefined) return new Map();
    const pairs = [...this.#byName].flatMap(([name, { id }]): [Id, Id][] => {
      const alternative = this.#byName.get(`${prefix}${name}`);
      return alternative === undefined ? [] : [[id, alternative.id]];
    });
    return new Map(pairs);
  }

  #definition(name: string): Definition {
    const definition = this.#byName.get(name);
    if (definition === undefined) {
      throw new RefusedError(
        `The configuration names ${name}, which module ${this.#options.spec.rootModule} does not define.`,
      );
    }
    return definition;
  }

  generate(): string {
    const { spec } = this.#options;
    const variables = spec.rootDeclarations
      .map((id) => spec.declarations.get(id))
      .filter((declaration) => declaration?.kind === "variable")
      .map((declaration) => declaration?.name ?? "");
    if (variables.includes("__proto__"))
      throw new RefusedError("A variable __proto__ is not covered by the compiled engine.");
    const parts = this.#parts();
    const overridden = this.#overriddenConstants.map(({ id, target }) => {
      const name = (this.#names.get(id) ?? "").replace(/\(\)$/, "");
      const value = this.#output.arrow([], () => this.#expressions.value(target.body, TOP).js);
      return `const ${name} = R.lazy(${value});`;
    });
    const constants = this.#constants.map((name) => {
      const id = [...this.#names].find(([each]) => this.#nameOfId(each) === name)?.[0];
      return `const ${id === undefined ? identifier(name) : (this.#names.get(id) ?? "")} = R.constant(C, ${JSON.stringify(name)});`;
    });
    const isTyped = this.#output.isTyped;
    const blank = variables.map((name) => `${name}: R.UNASSIGNED`).join(", ");
    const stateType = isTyped
      ? [`type State = {\n${variables.map((name) => `  ${name}: Value;`).join("\n")}\n};`, ""]
      : [];
    return [
      ...stateType,
      `/** The constants of module ${spec.rootModule}. */`,
      ...constants,
      ...overridden,
      "",
      "/** A state whose variables have no values yet. */",
      `const blank = ()${isTyped ? ": State" : ""} => ({ ${blank} });`,
      "",
      ...this.#output.functions.flatMap((text) => [text, ""]),
      "return {",
      `  name: ${JSON.stringify(spec.rootModule)},`,
      `  variables: ${JSON.stringify(variables)},`,
      `  constants: ${JSON.stringify(this.#constants)},`,
      "  blank,",
      ...parts.map(({ name, js }) => `  ${name}: ${js},`),
      `  conjuncts: ${JSON.stringify(this.#actions.conjuncts.list)},`,
      `  actions: ${JSON.stringify([...this.#actions.calls.actions])},`,
      `  places: ${JSON.stringify(this.#places())},`,
      "};",
    ].join("\n");
  }

  /** Where the actions are defined, and what the configuration names; what VIEW names is `VIEW`. */
  #places(): Readonly<Record<string, string>> {
    const { invariants, properties, constraints, actionConstraints, view } =
      this.#options.configuration;
    const named = [...invariants, ...properties, ...constraints, ...actionConstraints];
    const places = [...named, ...this.#actions.calls.actions].map((name) => [name, name]);
    if (view !== null) places.push(["VIEW", view]);
    return Object.fromEntries(
      places.flatMap(([key, name]) => {
        const definition = this.#byName.get(name ?? "");
        return definition === undefined ? [] : [[key, showPlace(definition.place)]];
      }),
    );
  }

  #nameOfId(id: Id): string | undefined {
    const { spec } = this.#options;
    return spec.declarations.get(id)?.name ?? spec.definitions.get(id)?.name;
  }

  #parts(): readonly Named[] {
    const { configuration, spec } = this.#options;
    const behaviour = this.#specification();
    const properties = configuration.properties.map((name) => {
      const definition = this.#definition(name);
      return { name, ...behaviourOf(definition.body, TOP, this.#expressions, false) };
    });
    const states = ({ expression, context }: Formula): string => {
      const js = this.#output.arrow(["now"], () => this.#expressions.truth(expression, context));
      if (this.#expressions.analysis.reads.in(expression, context.instance).next)
        refuse("a prime in what is said of one state", expression.place);
      return js;
    };
    const steps = ({ action, subscript }: Behaviour["steps"][number]): string =>
      this.#output.arrow(["now", "after"], () => {
        const same = this.#same(subscript);
        return `${this.#expressions.truth(action.expression, action.context)} || ${same}`;
      });
    const named = (name: string, js: string): string =>
      `{ name: ${JSON.stringify(name)}, holds: ${js} }`;
    const invariants = configuration.invariants.map((name) =>
      named(name, states(this.#formula(name))),
    );
    const list = (items: readonly string[]): string =>
      items.length === 0
        ? "[]"
        : `[\n${items.map((item) => indent(indent(`${item},`))).join("\n")}\n  ]`;
    return [
      { name: "init", js: behaviour === null ? "null" : this.#init(behaviour) },
      { name: "next", js: behaviour === null ? "null" : this.#next(behaviour) },
      {
        name: "invariants",
        js: list([
          ...invariants,
          ...properties.flatMap(({ name, always }) =>
            always.map((each) => named(name, states(each))),
          ),
        ]),
      },
      {
        name: "initialProperties",
        js: list(
          properties.flatMap(({ name, initial }) =>
            initial.map((each) => named(name, states(each))),
          ),
        ),
      },
      {
        name: "stepProperties",
        js: list(
          properties.flatMap((property) =>
            property.steps.map((each) => named(property.name, steps(each))),
          ),
        ),
      },
      {
        name: "constraints",
        js: list(configuration.constraints.map((name) => named(name, states(this.#formula(name))))),
      },
      {
        name: "actionConstraints",
        js: list(
          configuration.actionConstraints.map((name) =>
            named(
              name,
              this.#output.arrow(["now", "after"], () => this.#truthOf(name)),
            ),
          ),
        ),
      },
      {
        name: "symmetry",
        js:
          configuration.symmetry === null
            ? "null"
            : this.#output.arrow([], () => this.#symmetry(configuration.symmetry ?? "")),
      },
      {
        name: "view",
        js:
          configuration.view === null
            ? "null"
            : this.#output.arrow(["now"], () => this.#valueOf(configuration.view ?? "")),
      },
      { name: "checkDeadlock", js: String(configuration.checkDeadlock) },
      {
        name: "assumptions",
        js: list(
          spec.assumptions.map((each) =>
            this.#output.arrow([], () => this.#expressions.truth(each, TOP)),
          ),
        ),
      },
      { name: "operators", js: this.#exports() },
    ];
  }

  #formula(name: string): Formula {
    const definition = this.#definition(name);
    const reference = {
      kind: "apply",
      place: definition.place,
      operator: { kind: "definition", id: definition.id },
      operands: [],
      bounds: [],
    } as const;
    return { expression: reference, context: TOP };
  }

  #truthOf(name: string): string {
    const { expression, context } = this.#formula(name);
    return this.#expressions.truth(expression, context);
  }

  /** TLC goes by a set of permutations only where it has more than its definition has operands. */
  #symmetry(name: string): string {
    const { body } = this.#definition(name);
    const operands = body.kind === "apply" ? body.operands.length : 0;
    return `R.symmetryOf(${this.#valueOf(name)}, ${operands})`;
  }

  #valueOf(name: string): string {
    const { expression, context } = this.#formula(name);
    return this.#expressions.value(expression, context).js;
  }

  #same({ expression, context }: Formula): string {
    const before = this.#expressions.value(expression, context).js;
    const after = this.#expressions.value(expression, { ...context, isPrimed: true }).js;
    return `R.equal(${after}, ${before})`;
  }

  #specification(): Behaviour | null {
    const { configuration } = this.#options;
    if (configuration.specification !== null) {
      return behaviourOf(
        this.#formula(configuration.specification).expression,
        TOP,
        this.#expressions,
        true,
      );
    }
    if (configuration.init === null || configuration.next === null) return null;
    const next = this.#formula(configuration.next);
    return {
      initial: [this.#formula(configuration.init)],
      steps: [{ action: next, subscript: next }],
      always: [],
    };
  }

  #init(behaviour: Behaviour): string {
    let write = (): string => "emit(now);";
    for (const [at, { expression, context }] of [...behaviour.initial.entries()].reverse()) {
      const then = write;
      const scope = { ...context, isInitial: true };
      write = () =>
        at === 0
          ? this.#actions.write(expression, scope, "initial", false, then)
          : this.#actions.writeFurther(expression, scope, "initial", then);
    }
    return `(now, emit) => {\n${indent(indent(this.#output.block(write)))}\n  }`;
  }

  #next(behaviour: Behaviour): string {
    const [step] = behaviour.steps;
    if (step === undefined || behaviour.steps.length > 1 || behaviour.always.length > 0) {
      throw new RefusedError(
        "A specification that is not Init /\\ [][Next]_vars /\\ fairness is not covered by the compiled engine.",
      );
    }
    const { expression, context } = step.action;
    const body = this.#output.block(() =>
      this.#actions.write(expression, context, "next", true, () => "emit(after);"),
    );
    return `(now, after, emit) => {\n${indent(indent(body))}\n  }`;
  }

  /** Definitions by name: `step` makes states, `value` evaluates. */
  #exports(): string {
    const { steps = [], values = [] } = this.#options;
    const overridden = (name: string): Definition =>
      this.#expressions.analysis.definition(this.#definition(name).id);
    const lines = [
      ...steps.map(
        (name) =>
          `    ${name}: ${this.#actions.calls.sharedFunction(overridden(name), name.endsWith("Init") ? "initial" : "next", TOP)},`,
      ),
      ...values.map(
        (name) =>
          `    ${name}: ${this.#expressions.calls.sharedFunction(overridden(name), TOP).name},`,
      ),
    ];
    return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n  }`;
  }
}
