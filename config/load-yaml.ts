import { readFile, stat } from "node:fs/promises";
import { type ConfigDocument, type ParsedDocument, parseYaml } from "./document.ts";
import type { ConfigProblem } from "./problem.ts";

/** What a YAML file holds, or everything that is wrong with it as YAML. */
export type YamlResult =
  | { readonly ok: true; readonly value: unknown; readonly document: ConfigDocument }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

const maxFileBytes = 1024 * 1024;
/** How often aliases may repeat what they stand for: lists of lists of aliases grow without bound. */
const maxAliasCount = 100;

/** Reads a YAML file of any shape. Never throws for what stands in it or its place. */
export async function loadYaml(path: string): Promise<YamlResult> {
  const file = await readText(path);
  if ("problem" in file) return { ok: false, problems: [file.problem] };
  const document = parseYaml(path, file.text);
  if (document.problems.length > 0) return { ok: false, problems: document.problems };
  const read = plainValue(document);
  return read.ok ? { ...read, document } : { ok: false, problems: [read.problem] };
}

/** A file's text, or why it cannot be read. @param hint for a file that is not there */
export async function readText(
  path: string,
  hint?: string,
): Promise<{ readonly text: string } | { readonly problem: ConfigProblem }> {
  const refusal = (reason: string, rest: { readonly hint?: string } = {}) => ({
    problem: { file: path, line: 1, column: 1, path: "", message: `cannot read file: ${reason}`, ...rest },
  });
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) return refusal(`${size} bytes, at most ${maxFileBytes} are read`);
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return refusal("there is none", hint === undefined ? {} : { hint });
    return refusal(error instanceof TypeError ? "it is not UTF-8" : String(code));
  }
}

/** The document as plain values. */
export function plainValue(
  document: ParsedDocument,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: ConfigProblem } {
  try {
    return { ok: true, value: document.yaml.toJS({ maxAliasCount }) };
  } catch (error) {
    // The one thing that `toJS` refuses: aliases that multiply.
    if (!(error instanceof ReferenceError)) throw error;
    const message = "cannot read YAML: aliases repeat too much";
    return { ok: false, problem: { file: document.file, line: 1, column: 1, path: "", message } };
  }
}
