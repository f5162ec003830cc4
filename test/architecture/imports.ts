import { posix } from "node:path";
import { Glob } from "bun";
import ts from "typescript-js";

/** The checkout's folder. */
export const root: string = posix.join(import.meta.dir, "..", "..");

/** One import statement: where it stands and what it names. */
export interface ImportEdge {
  /** Relative to the checkout, with forward slashes. */
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** The file it leads to, relative to the checkout; `null` for a library. */
  readonly to: string | null;
}

/** TypeScript files of the program and its tests, relative to the checkout. */
export async function sourceFiles(
  ...folders: readonly ("runtime" | "plugins" | "config" | "telemetry" | "test")[]
): Promise<string[]> {
  const files: string[] = [];
  for (const folder of folders) {
    for await (const file of new Glob(`${folder}/**/*.{ts,tsx}`).scan({ cwd: root })) files.push(file);
  }
  return files.sort();
}

/** Every import of a file, those of types alone and dynamic ones with a literal name included. */
export async function importsOf(file: string): Promise<ImportEdge[]> {
  const text = await Bun.file(posix.join(root, file)).text();
  // Bun.Transpiler does not report imports of types alone; TypeScript's own scanner does.
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.map(({ fileName }) => ({
    from: file,
    specifier: fileName,
    to: targetOf(file, fileName),
  }));
}

function targetOf(file: string, specifier: string): string | null {
  if (specifier === "telegraphist") return "runtime/contract/index.ts";
  if (specifier === "telegraphist/testing") return "runtime/testkit/index.ts";
  if (!specifier.startsWith(".")) return null;
  return posix.normalize(posix.join(posix.dirname(file), specifier));
}

/** The package that a specifier belongs to: `zod/v4` is `zod`, `@scope/name/part` is `@scope/name`. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith("bun:") || specifier.startsWith("node:")) return specifier;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}
