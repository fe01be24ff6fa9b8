import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");

/** A claim of the paper that is used here. */
export interface Claim {
  /** By which the tags `@claim` in code and tests name it. */
  readonly name: string;
  /** In one sentence. */
  readonly claim: string;
  /** Of the paper. */
  readonly section: string;
  /** The operators of the specification that say it. */
  readonly spec: readonly string[];
  /** Why it is outside of the specification, where it is. */
  readonly outside?: string;
}

/** The claims of spec/claims.json, in their order. */
export function readClaims(): readonly Claim[] {
  const text = readFileSync(resolve(ROOT, "spec/claims.json"), "utf8");
  const { claims }: { claims: Claim[] } = JSON.parse(text);
  return claims;
}
