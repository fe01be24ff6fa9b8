// What a clone needs before anything of it can run: packages, and the compiled TypeScript.
// Plain JavaScript, since it runs before anything is installed. `npm start`, `npm test` and
// `npm run build` begin here; an installed package never needs it.
// @ts-check
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the clone. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The oldest Node that the project runs on: package.json's `engines`. */
const OLDEST_NODE = [20, 19];

const SOURCES = ["src", "trace-check"];

/** What is built into the page and is no part of what tsc compiles. */
const PAGE_SOURCES = [join("src", "explorer"), join("src", "setup"), "spec"];
const STAMP = join(ROOT, "dist", ".stamp");
const MAIN = join(ROOT, "dist", "src", "cli", "main.js");
const PAGE = join(ROOT, "dist", "src", "explorer", "page.html");

/** Exit code for what the machine lacks, as in src/cli/command.ts. */
const ENVIRONMENT = 3;

/**
 * Installs and builds what is missing or out of date; ends the process, with clear words, where
 * it cannot.
 */
export function prepare() {
  requireNode();
  if (!arePackagesThere()) installPackages();
  if (isBuildStale()) build();
}

/** Compiles the TypeScript, and makes `npx lockstep` find it. */
export function build() {
  say("building (tsc)");
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const stamp = sourceStamp();
  const { status } = run(process.execPath, [tsc, "-p", "tsconfig.json"]);
  if (status !== 0) fail(1, "The build failed: tsc says above what is wrong.");
  removeLeftovers();
  buildPage();
  linkProgram();
  writeFileSync(STAMP, stamp);
}

/** The page of `lockstep explore`, by a program of its own, since esbuild may not be there yet. */
function buildPage() {
  const { status } = run(process.execPath, [join(ROOT, "src", "setup", "page.mjs")]);
  if (status !== 0) fail(1, "The explorer's page could not be built: it says above what is wrong.");
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    ENVIRONMENT,
    `Node ${process.versions.node} is too old: lockstep needs ${OLDEST_NODE.join(".")} or newer. ` +
      "Get it from https://nodejs.org or by your version manager (nvm install 22).",
  );
}

/** Whether every package that package-lock.json asks for is installed, in that version. */
function arePackagesThere() {
  const installed = lockedPackages(join(ROOT, "node_modules", ".package-lock.json"));
  const wanted = lockedPackages(join(ROOT, "package-lock.json"));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || optional === true || installed[path]?.version === version,
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function lockedPackages(file) {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

function installPackages() {
  say("installing packages (npm ci)");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = npm?.endsWith(".js")
    ? run(process.execPath, [npm, ...args])
    : run("npm", args, process.platform === "win32");
  if (status === 0) return;
  fail(
    ENVIRONMENT,
    "The packages could not be installed: npm says above why. Connect to the network (npm " +
      "config get registry shows where npm looks) and run the command again.",
  );
}

function isBuildStale() {
  return !existsSync(MAIN) || !existsSync(STAMP) || readFileSync(STAMP, "utf8") !== sourceStamp();
}

/** Every source by name, size and time: another text means that something changed. */
function sourceStamp() {
  const page = PAGE_SOURCES.flatMap((folder) => filesUnder(join(ROOT, folder)));
  const files = new Set([
    join(ROOT, "tsconfig.json"),
    join(ROOT, "package-lock.json"),
    ...sources(),
    ...page,
  ]);
  const lines = [...files].map((file) => {
    const { size, mtimeMs } = statSync(file);
    return `${relative(ROOT, file)} ${size} ${mtimeMs}`;
  });
  return lines.sort().join("\n");
}

function sources() {
  return SOURCES.flatMap((folder) => filesUnder(join(ROOT, folder))).filter((file) =>
    file.endsWith(".ts"),
  );
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Removes what was compiled from sources that are no more: it would be packed as well. */
function removeLeftovers() {
  const expected = new Set(
    sources().map((file) => join(ROOT, "dist", relative(ROOT, file)).replace(/\.ts$/, "")),
  );
  for (const folder of SOURCES) {
    for (const file of filesUnder(join(ROOT, "dist", folder))) {
      if (file === PAGE) continue;
      if (!expected.has(file.replace(/(\.d\.ts|\.js)(\.map)?$/, ""))) rmSync(file);
    }
  }
}

/** npm links the programs of packages it installs, but not the clone's own. */
function linkProgram() {
  chmodSync(MAIN, 0o755);
  if (process.platform === "win32") return;
  const folder = join(ROOT, "node_modules", ".bin");
  const link = join(folder, "lockstep");
  mkdirSync(folder, { recursive: true });
  rmSync(link, { force: true });
  try {
    symlinkSync(relative(folder, MAIN), link);
  } catch (error) {
    // Another build at the same time made the very same link.
    if (!existsSync(link)) throw error;
  }
}

/**
 * Runs a program in the clone, its output shown, and waits for it.
 * @param {string} program
 * @param {readonly string[]} args
 */
export function run(program, args, shell = false) {
  return spawnSync(program, args, { cwd: ROOT, stdio: "inherit", shell });
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`lockstep: ${line}\n`);
}

/**
 * @param {number} code
 * @param {string} line
 * @returns {never}
 */
function fail(code, line) {
  say(line);
  process.exit(code);
}
