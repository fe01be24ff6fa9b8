/** 1234567 as "1,234,567", the same on every machine. */
export function withCommas(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** So many of something, as people say it: "1 trace", "1,234 traces". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${withCommas(value)} ${value === 1 ? one : many}`;
}
