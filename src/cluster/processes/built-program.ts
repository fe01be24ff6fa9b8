import { fileURLToPath } from "node:url";

/**
 * The file of a program beside a module: compiled as the module itself is, or, where the module
 * runs from its source (under vitest), in `dist`, since Node 20 runs no TypeScript.
 *
 * @param module the import.meta.url of the module
 */
export function builtProgram(module: string, name: string): string {
  const path = fileURLToPath(new URL(`${name}.js`, module));
  if (module.endsWith(".js")) return path;
  return path.replace(/([\\/])src\1/, "$1dist$1src$1");
}
