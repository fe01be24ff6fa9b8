/** How code that makes states is put together. */

/** Writes what follows once the formula is true. */
export type Then = () => string;

/** What a formula makes: the state after a step, or an initial state. */
export type Making = "next" | "initial";
