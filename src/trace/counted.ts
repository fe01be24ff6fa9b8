/** Numbers and names as people say them. */

/** 1234567 as "1,234,567", the same on every machine. */
export function withCommas(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** The one word of one thing and the other of any other number: "holds" or "hold", "is" or "are". */
export function byNumber(value: number, ofOne: string, ofMany: string): string {
  return value === 1 ? ofOne : ofMany;
}

/** A name with its article: "a Timeout", "an AppendEntriesRequest". */
export function withArticle(name: string): string {
  return /^[AEIOU]/i.test(name) ? `an ${name}` : `a ${name}`;
}

/** So many of something, as people say it: "1 trace", "1,234 traces". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${withCommas(value)} ${value === 1 ? one : many}`;
}
