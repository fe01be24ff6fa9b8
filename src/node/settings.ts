/** What settings may be, and what is wrong with those that were given: of the library and of the program. */
import { closestName } from "../trace/suggest.ts";

/** One that is undefined counts as not given. */
export type Setting = (KindSetting | EachSetting | GroupSetting) & {
  readonly isRequired?: boolean;
  readonly mayBeNull?: boolean;
};

export interface KindSetting {
  readonly type: "kind";
  /** In words: "a text is expected". */
  readonly expected: string;
  isOfKind(value: unknown): boolean;
}

/** An object with any names, whose values are all of one kind. */
interface EachSetting {
  readonly type: "each";
  readonly expected: string;
  readonly each: Setting;
}

/** An object with the names that are known here. */
interface GroupSetting {
  readonly type: "group";
  readonly settings: Settings;
}

export type Settings = Readonly<Record<string, Setting>>;

/** A setting for each option, so that none can be forgotten. */
export type SettingsOf<Options> = Readonly<Record<keyof Options & string, Setting>>;

type Values = Readonly<Record<string, unknown>>;

/**
 * The first thing that is wrong, in words: which setting by its path, what it is, and what is expected.
 * Null where nothing is.
 */
export function faultOf(settings: Settings, given: unknown): string | null {
  if (!isObject(given)) return `the settings are ${told(given)}: an object is expected`;
  return faultInGroup(settings, settings, given, "");
}

/** The first name that is not known, and which one was probably meant; null where all are known. */
export function unknownName(settings: Settings, given: Values): string | null {
  return unknownNameIn(settings, settings, given, "");
}

/** Without those that count as not given, so that they hide no default. */
export function onlyGiven<Options extends object>(options: Options | undefined): Partial<Options> {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Options>;
}

export function kind(expected: string, isOfKind: (value: unknown) => boolean): KindSetting {
  return { type: "kind", expected, isOfKind };
}

export function group(settings: Settings): Setting {
  return { type: "group", settings };
}

export function required(setting: Setting): Setting {
  return { ...setting, isRequired: true };
}

export function orNull(setting: Setting): Setting {
  return { ...setting, mayBeNull: true };
}

export const TEXT = kind(
  "a text that is not empty is expected",
  (given) => typeof given === "string" && given !== "",
);

export const BOOLEAN = kind("true or false is expected", (given) => typeof given === "boolean");

export const POSITIVE_INTEGER = kind("a positive integer is expected", isPositiveInteger);

export function positiveIntegerUpTo(most: number): Setting {
  const expected = `a positive integer is expected, ${most} at the most`;
  return kind(expected, (given) => isPositiveInteger(given) && Number(given) <= most);
}

export function isPositiveInteger(given: unknown): boolean {
  return Number.isSafeInteger(given) && Number(given) > 0;
}

/** A longer time than that a timer of Node takes for none at all. */
export const LONGEST_MILLISECONDS = 2 ** 31 - 1;

export const MILLISECONDS = kind(
  `a number of milliseconds above 0 is expected, ${LONGEST_MILLISECONDS} at the most`,
  (given) => typeof given === "number" && given > 0 && given <= LONGEST_MILLISECONDS,
);

/** A plain object, or one of a class of the user's: no array, no Map, no Buffer. */
export function isObject(given: unknown): given is Values {
  return Object.prototype.toString.call(given) === "[object Object]";
}

const MOST_TOLD = 60;

/** A value that was given, for people. */
export function told(given: unknown): string {
  switch (typeof given) {
    case "function":
      return "a function";
    case "string":
      return inBrief(JSON.stringify(given));
    case "object":
      return given === null ? "null" : inBrief(toldObject(given));
    default:
      return inBrief(String(given));
  }
}

function toldObject(given: object): string {
  const [, tag = ""] = /^\[object (.*)\]$/.exec(Object.prototype.toString.call(given)) ?? [];
  const name = given.constructor?.name || tag;
  if (name !== "Object" && name !== "Array") return `an object of ${name}`;
  try {
    return JSON.stringify(given);
  } catch {
    return "an object that is no JSON";
  }
}

function inBrief(text: string): string {
  return text.length > MOST_TOLD ? `${text.slice(0, MOST_TOLD)}…` : text;
}

function faultInGroup(root: Settings, settings: Settings, given: Values, at: string) {
  const unknown = unknownNameIn(root, settings, given, at);
  if (unknown !== null) return unknown;
  for (const [name, setting] of Object.entries(settings)) {
    const fault = faultIn(root, setting, given[name], `${at}${name}`);
    if (fault !== null) return fault;
  }
  return null;
}

function faultIn(root: Settings, setting: Setting, given: unknown, path: string): string | null {
  if (given === undefined) {
    return setting.isRequired === true ? `${path} is missing: ${expectedOf(setting)}` : null;
  }
  if (given === null && setting.mayBeNull === true) return null;
  switch (setting.type) {
    case "kind":
      return setting.isOfKind(given) ? null : wrongKind(setting, given, path);
    case "group":
      if (!isObject(given)) return wrongKind(setting, given, path);
      return faultInGroup(root, setting.settings, given, `${path}.`);
    case "each":
      if (!isObject(given)) return wrongKind(setting, given, path);
      return faultInEach(root, setting.each, given, path);
  }
}

function faultInEach(root: Settings, each: Setting, given: Values, path: string): string | null {
  for (const [name, one] of Object.entries(given)) {
    const fault = faultIn(root, required(each), one, `${path}.${name}`);
    if (fault !== null) return fault;
  }
  return null;
}

function wrongKind(setting: Setting, given: unknown, path: string): string {
  return `${path} is ${told(given)}: ${expectedOf(setting)}`;
}

function expectedOf(setting: Setting): string {
  if (setting.type !== "group") return setting.expected;
  return `an object is expected, with ${Object.keys(setting.settings).join(", ")}`;
}

function unknownNameIn(
  root: Settings,
  settings: Settings,
  given: Values,
  at: string,
): string | null {
  const known = Object.keys(settings);
  const name = Object.keys(given).find((each) => !Object.hasOwn(settings, each));
  if (name === undefined) return null;
  const closest = closestName(name, known);
  const meant = closest === null ? closestPath(name, pathsIn(root)) : `${at}${closest}`;
  const hint =
    meant === null
      ? `; there are: ${known.map((each) => `${at}${each}`).join(", ")}`
      : ` (did you mean ${JSON.stringify(meant)}?)`;
  return `there is no setting ${at}${name}${hint}`;
}

/** A setting that was put beside the group to which it belongs, or into another one. */
function closestPath(name: string, paths: readonly string[]): string | null {
  const lastOf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
  const closest = closestName(name, paths.map(lastOf));
  return paths.find((path) => lastOf(path) === closest) ?? null;
}

function pathsIn(settings: Settings, at = ""): readonly string[] {
  return Object.entries(settings).flatMap(([name, setting]) =>
    setting.type === "group"
      ? [`${at}${name}`, ...pathsIn(setting.settings, `${at}${name}.`)]
      : [`${at}${name}`],
  );
}
