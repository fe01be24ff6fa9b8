import { type FunctionDeclaration, Node, SyntaxKind } from "ts-morph";
import { actionOf, callsOf, placeOf, type Source } from "./source.ts";
import { mutatorsOf, writesIn } from "./writes.ts";

/** How many events a piece of code may emit, over all paths through it: 0, 1, or 2 for more. */
type Counts = ReadonlySet<number>;

/** The paths through a statement: those that go on behind it, and those that leave the function. */
interface Paths {
  readonly goOn: Counts;
  readonly leave: Counts;
}

const NONE: Counts = new Set([0]);
const NO_PATH: Counts = new Set();
const ANY: Counts = new Set([0, 1, 2]);

const EMITS = "completeStep";

/** Actions that do not emit exactly one event, of their own name, on every path that does not throw. */
export function actionsWithoutTheirOneEvent(source: Source): readonly string[] {
  const walk = new PathWalk(source);
  return source.actions.flatMap((action) => {
    const faults: string[] = [];
    const counts = walk.ofFunction(action);
    if (counts.size !== 1 || !counts.has(1)) {
      const found = [...counts].sort().map((count) => (count === 2 ? "2 or more" : count));
      faults.push(`${placeOf(action)} ${action.getName()} emits ${found.join(", or ")} events`);
    }
    for (const call of callsOf(action, EMITS)) {
      const named = call.getArguments()[1]?.getText();
      if (named !== `"${actionOf(action)}"`) faults.push(`${placeOf(call)} emits ${named}`);
    }
    return faults;
  });
}

/** Functions that emit an event and are no action, nor the function that emits. */
export function emittersWithoutAction(source: Source): readonly string[] {
  return source.files
    .filter((file) => file.getFilePath().startsWith("/src/core/"))
    .flatMap((file) => callsOf(file, EMITS))
    .filter((call) => {
      const around = call.getAncestors().find(isFunction);
      return !Node.isFunctionDeclaration(around) || actionOf(around) === null;
    })
    .map((call) => `${placeOf(call)}: ${call.getText()}`);
}

function isFunction(node: Node): boolean {
  return (
    Node.isFunctionDeclaration(node) ||
    Node.isArrowFunction(node) ||
    Node.isFunctionExpression(node) ||
    Node.isMethodDeclaration(node)
  );
}

/** What an action still changes once it has emitted its event, which then tells of it too early. */
export function changesBehindTheEvent(
  source: Source,
  variables: ReadonlySet<string>,
): readonly string[] {
  const mutators = mutatorsOf(source);
  return source.actions.flatMap((action) => {
    const emitted = Math.min(...callsOf(action, EMITS).map((call) => call.getPos()));
    const writes = writesIn(action, variables, mutators);
    const sends = action
      .getDescendantsOfKind(SyntaxKind.CallExpression)
      .filter((call) => /\bmessages\.push$/.test(call.getExpression().getText()));
    const calls = action
      .getDescendantsOfKind(SyntaxKind.CallExpression)
      .filter((call) => call.getExpression().getText() !== EMITS)
      .filter((call) => source.calleeOf(call) !== undefined);
    return [...writes, ...sends, ...calls]
      .filter((node) => node.getPos() > emitted)
      .map((node) => `${placeOf(node)}: ${node.getText()}`);
  });
}

/** Counts the events on the paths through functions of the core, through the calls they make. */
class PathWalk {
  readonly #source: Source;
  readonly #known = new Map<string, Counts>();

  constructor(source: Source) {
    this.#source = source;
  }

  ofFunction(declaration: FunctionDeclaration): Counts {
    const name = declaration.getName() ?? "";
    if (name === EMITS) return new Set([1]);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#known.set(name, NONE); // of one that calls itself: the rest of its paths decide
    const { goOn, leave } = this.#block(declaration.getStatements());
    const counts = union(goOn, leave);
    this.#known.set(name, counts);
    return counts;
  }

  #block(statements: readonly Node[]): Paths {
    let paths: Paths = { goOn: NONE, leave: NO_PATH };
    for (const statement of statements) paths = behind(paths, this.#statement(statement));
    return paths;
  }

  #statement(node: Node): Paths {
    if (Node.isBlock(node)) return this.#block(node.getStatements());
    if (Node.isReturnStatement(node)) {
      return { goOn: NO_PATH, leave: this.#expression(node.getExpression()) };
    }
    if (Node.isThrowStatement(node)) return { goOn: NO_PATH, leave: NO_PATH };
    if (Node.isIfStatement(node)) {
      const otherwise = node.getElseStatement();
      const branches = either(
        this.#statement(node.getThenStatement()),
        otherwise === undefined ? { goOn: NONE, leave: NO_PATH } : this.#statement(otherwise),
      );
      return behind({ goOn: this.#expression(node.getExpression()), leave: NO_PATH }, branches);
    }
    if (Node.isSwitchStatement(node)) return this.#switch(node);
    if (Node.isIterationStatement(node)) return this.#loop(node);
    if (Node.isTryStatement(node)) {
      // Where in the block an error came is not known.
      return this.#mayEmit(node) ? { goOn: ANY, leave: ANY } : { goOn: NONE, leave: NONE };
    }
    return { goOn: this.#expression(node), leave: NO_PATH };
  }

  #switch(node: Node): Paths {
    if (!Node.isSwitchStatement(node)) throw new TypeError("no switch");
    const clauses = node.getClauses();
    const isTotal = clauses.some(Node.isDefaultClause);
    let paths: Paths = { goOn: isTotal ? NO_PATH : NONE, leave: NO_PATH };
    let fallsThrough: Counts = NO_PATH;
    for (const clause of clauses) {
      const statements = clause
        .getStatements()
        .flatMap((each) => (Node.isBlock(each) ? each.getStatements() : [each]));
      const body = this.#block(statements.filter((each) => !Node.isBreakStatement(each)));
      const entered = union(NONE, fallsThrough);
      const through = behind({ goOn: entered, leave: NO_PATH }, body);
      const ends = statements.some(Node.isBreakStatement);
      paths = either(paths, { goOn: ends ? through.goOn : NO_PATH, leave: through.leave });
      fallsThrough = ends ? NO_PATH : through.goOn;
    }
    return either(paths, { goOn: fallsThrough, leave: NO_PATH });
  }

  /** A loop may run never, once or often. */
  #loop(node: Node): Paths {
    const leaves = node.getDescendantsOfKind(SyntaxKind.ReturnStatement).length > 0;
    if (this.#mayEmit(node)) return { goOn: ANY, leave: leaves ? ANY : NO_PATH };
    return { goOn: NONE, leave: leaves ? NONE : NO_PATH };
  }

  #mayEmit(node: Node): boolean {
    return node
      .getDescendantsOfKind(SyntaxKind.CallExpression)
      .some((call) => this.#call(call).has(1) || this.#call(call).has(2));
  }

  #call(call: Node): Counts {
    if (!Node.isCallExpression(call)) return NONE;
    const callee = this.#source.calleeOf(call);
    return callee === undefined ? NONE : this.ofFunction(callee);
  }

  /** What an expression emits: of parts that may be left out, either. */
  #expression(node: Node | undefined): Counts {
    if (node === undefined || isFunction(node)) return NONE;
    if (Node.isConditionalExpression(node)) {
      const branches = union(
        this.#expression(node.getWhenTrue()),
        this.#expression(node.getWhenFalse()),
      );
      return sum(this.#expression(node.getCondition()), branches);
    }
    if (
      Node.isBinaryExpression(node) &&
      /^(&&|\|\||\?\?)/.test(node.getOperatorToken().getText())
    ) {
      const right = union(NONE, this.#expression(node.getRight()));
      return sum(this.#expression(node.getLeft()), right);
    }
    const parts = node.forEachChildAsArray().map((child) => this.#expression(child));
    return [this.#call(node), ...parts].reduce(sum, NONE);
  }
}

function union(a: Counts, b: Counts): Counts {
  return new Set([...a, ...b]);
}

/** Every count of the one with every count of the other. */
function sum(a: Counts, b: Counts): Counts {
  return new Set([...a].flatMap((one) => [...b].map((other) => Math.min(2, one + other))));
}

function behind(first: Paths, then: Paths): Paths {
  return {
    goOn: sum(first.goOn, then.goOn),
    leave: union(first.leave, sum(first.goOn, then.leave)),
  };
}

function either(one: Paths, other: Paths): Paths {
  return { goOn: union(one.goOn, other.goOn), leave: union(one.leave, other.leave) };
}
