import { join, resolve } from "node:path";
import { Project } from "ts-morph";
import type { Defect, TestedDefect } from "./defect.ts";
import { plant } from "./plant.ts";
import { readSource } from "./workshop.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/**
 * What the compiler says against the defects: one that does not compile would be caught for the
 * wrong reason. Each changed file is checked beside the original, all of them at once.
 */
export function compilerErrors(defects: readonly (Defect | TestedDefect)[]): readonly string[] {
  const project = new Project({
    tsConfigFilePath: join(ROOT, "tsconfig.json"),
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    skipAddingFilesFromTsConfig: true,
  });
  const planted = defects.flatMap((defect) =>
    [...plant(defect, readSource)].map(([file, text]) => {
      const path = join(ROOT, file.replace(/\.ts$/, `.${defect.name}.ts`));
      return { defect, source: project.createSourceFile(path, text) };
    }),
  );
  return planted.flatMap(({ defect, source }) =>
    source.getPreEmitDiagnostics().map((diagnostic) => {
      const message = diagnostic.getMessageText();
      const text = typeof message === "string" ? message : message.getMessageText();
      return `${defect.name}: ${text} (line ${diagnostic.getLineNumber()})`;
    }),
  );
}
