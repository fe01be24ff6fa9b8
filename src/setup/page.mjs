// The page of `lockstep explore`: one file with all that it needs. Plain JavaScript, since it is
// a part of the build; see prepare.mjs.
// @ts-check
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** What the page is, in the package. */
export const PAGE = join(ROOT, "dist", "src", "explorer", "page.html");

/** What stands for Node in the page. */
const WITHOUT_NODE = join(ROOT, "src", "explorer", "page", "without-node.ts");

/** The modules of the spec that the page shows and reads. */
const MODULES = [
  "Raft",
  "Network",
  "RaftProperties",
  "RaftSnapshots",
  "RaftReads",
  "ForgottenRules",
  "TraceRaft",
];

/** Bundles the page. Throws where esbuild does. */
export async function buildPage() {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [join(ROOT, "src", "explorer", "page", "main.tsx")],
    bundle: true,
    write: false,
    outdir: join(ROOT, "dist", "src", "explorer"),
    format: "iife",
    target: "es2022",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    logLevel: "warning",
    inject: [WITHOUT_NODE],
    plugins: [sourcesPlugin(), withoutNode()],
  });
  const script = textOf(result.outputFiles, ".js");
  const style = textOf(result.outputFiles, ".css");
  const shell = readFileSync(join(ROOT, "src", "explorer", "page", "shell.html"), "utf8");
  mkdirSync(dirname(PAGE), { recursive: true });
  writeFileSync(
    PAGE,
    shell
      .replace("/* style */", () => style)
      .replace("/* script */", () => script.replaceAll("</script", "<\\/script")),
  );
}

/** Whether the page's TypeScript is right: esbuild only leaves the types out. */
export function checkPageTypes() {
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-p", join(ROOT, "src", "explorer", "tsconfig.json")];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" }).status === 0;
}

/**
 * @param {readonly { path: string, text: string }[]} files
 * @param {string} ending
 */
function textOf(files, ending) {
  const file = files.find(({ path }) => path.endsWith(ending));
  if (file === undefined) throw new Error(`esbuild gave no ${ending}`);
  return file.text.trimEnd();
}

/** `lockstep:sources`: the texts of spec and code, as src/explorer/model/sources.ts has them. */
export function readSources() {
  /** @type {Record<string, string>} */
  const spec = {};
  for (const name of MODULES) spec[name] = read("spec", `${name}.tla`);
  /** @type {Record<string, string>} */
  const core = {};
  for (const name of readdirSync(join(ROOT, "src", "core")).sort()) {
    core[`src/core/${name}`] = read("src", "core", name);
  }
  /** @type {Record<string, string>} */
  const counterexamples = {};
  for (const name of readdirSync(join(ROOT, "spec", "counterexamples")).sort()) {
    if (!name.endsWith(".ndjson")) continue;
    counterexamples[name.replace(".ndjson", "")] = read("spec", "counterexamples", name);
  }
  const { rules } = JSON.parse(read("spec", "rules.json"));
  const { version } = JSON.parse(read("package.json"));
  return { spec, core, counterexamples, rules, version };
}

/** @param {...string} path */
function read(...path) {
  return readFileSync(join(ROOT, ...path), "utf8");
}

/** @returns {import("esbuild").Plugin} */
function sourcesPlugin() {
  return {
    name: "sources",
    setup(build) {
      build.onResolve({ filter: /^lockstep:sources$/ }, () => ({
        path: "sources",
        namespace: "lockstep",
      }));
      build.onLoad({ filter: /.*/, namespace: "lockstep" }, () => ({
        contents: JSON.stringify(readSources()),
        loader: "json",
      }));
    },
  };
}

/**
 * The readers of traces ask Node for what a page does not need: files, and chunks of bytes.
 * @returns {import("esbuild").Plugin}
 */
function withoutNode() {
  return {
    name: "without-node",
    setup(build) {
      build.onResolve({ filter: /^node:(buffer|fs)$/ }, () => ({ path: WITHOUT_NODE }));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!checkPageTypes()) process.exit(1);
  await buildPage();
}
