/** Everything that is known of a spec before code is generated for it. */
import { Definitions } from "./definitions.ts";
import { Evaluation } from "./evaluation.ts";
import { Primes } from "./primes.ts";
import { Reading } from "./reads.ts";

export class Analysis extends Definitions {
  readonly primes = new Primes(this);
  readonly reads = new Reading(this, this.primes);
  readonly evaluation = new Evaluation(this);
}
