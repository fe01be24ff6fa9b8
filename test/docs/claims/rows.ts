import type { Claim } from "./claims.ts";
import type { Tagged, Tags } from "./tags.ts";

/** A claim with all that stands for it. */
export interface Row {
  readonly claim: Claim;
  /** The operators, each with the module that defines it; undefined where none does. */
  readonly spec: readonly { readonly operator: string; readonly module: string | undefined }[];
  readonly code: readonly Tagged[];
  readonly tests: readonly Tagged[];
}

export function rowsOf(
  claims: readonly Claim[],
  operators: ReadonlyMap<string, string>,
  tags: Tags,
): readonly Row[] {
  return claims.map((claim) => ({
    claim,
    spec: claim.spec.map((operator) => ({ operator, module: operators.get(operator) })),
    code: tags.code.filter(({ name }) => name === claim.name),
    tests: tags.tests.filter(({ name }) => name === claim.name),
  }));
}

/** What a row lacks, and the tags that name no claim. */
export function holesIn(rows: readonly Row[], tags: Tags): readonly string[] {
  const known = new Set(rows.map(({ claim }) => claim.name));
  const strays = [...tags.code, ...tags.tests]
    .filter(({ name }) => !known.has(name))
    .map(
      ({ name, symbol, file }) => `${file}: ${symbol} is tagged with ${name}, which is no claim`,
    );
  return [...rows.flatMap(holesOf), ...strays];
}

function holesOf({ claim, spec, code, tests }: Row): readonly string[] {
  const isOutside = claim.outside !== undefined;
  const holes = [
    ...(/^\d(\.\d)*( \(Figure \d+\))?$/.test(claim.section) ? [] : ["section of the paper"]),
    ...(spec.length === 0 && !isOutside ? ["operator of the specification"] : []),
    ...(code.length === 0 ? ["function tagged with it"] : []),
    ...(tests.length === 0 ? ["test tagged with it"] : []),
  ];
  const undefinedOperators = spec.filter(({ module }) => module === undefined);
  return [
    ...holes.map((what) => `the claim ${claim.name} has no ${what}`),
    ...undefinedOperators.map(
      ({ operator }) => `the claim ${claim.name} names ${operator}, which the specification lacks`,
    ),
  ];
}
