import { isPair, isScalar, isSeq, type Node, type Scalar, visit } from "yaml";
import type { ParsedDocument } from "./document.ts";
import { nearest } from "./nearest.ts";
import { type ConfigPath, type ConfigProblem, didYouMean, shownPath } from "./problem.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `$$`, `${NAME}`, `${NAME:-default}`, or a `${` that is none of these. */
const placeholder = /\$\$|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<otherwise>[^}]*))?\}|\$\{/g;
const onePlaceholder = /^\$\{[^{}]*\}$/;

/**
 * Puts variables into the document's values, in place; keys are left alone. A value that is one placeholder and nothing
 * else counts as not there when it comes out empty, and without quotes takes the type of what comes in (`7330`,
 * `true`); anything else stays text.
 */
export function fillIn(document: ParsedDocument, env: Environment): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const emptied = new Set<unknown>();

  visit(document.yaml, {
    Scalar(key, node, ancestors) {
      if (key === "key" || typeof node.value !== "string" || !node.value.includes("$")) return;
      const { text, mistakes } = filled(node.value, env);
      if (mistakes.length > 0) {
        const path = shownPath(pathOf(node, ancestors));
        problems.push(...mistakes.map((mistake) => placed(document, node, path, mistake)));
        return;
      }
      const isAlone = onePlaceholder.test(node.value);
      if (isAlone && text === "") emptied.add(node);
      node.value = isAlone && node.type === "PLAIN" ? typed(text) : text;
    },
  });
  visit(document.yaml, { Pair: (_, { value }) => (emptied.has(value) ? visit.REMOVE : undefined) });
  return problems;
}

interface Mistake {
  /** As it is written in the document. */
  readonly written: string;
  readonly message: string;
  readonly hint?: string;
}

function filled(value: string, env: Environment): { text: string; mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const text = value.replace(placeholder, (written, name?: string, otherwise?: string) => {
    if (written === "$$") return "$";
    if (name === undefined) {
      const message = `cannot read placeholder: it must be \${NAME} or \${NAME:-default}`;
      mistakes.push({ written, message, hint: "write $${ for the two characters themselves" });
      return "";
    }
    const given = env[name];
    // As in a shell, `:-` steps in for an empty variable too.
    const found = given === undefined || given === "" ? (otherwise ?? given) : given;
    if (found === undefined) mistakes.push({ written, ...missingVariable(name, env) });
    return found ?? "";
  });
  return { text, mistakes };
}

function missingVariable(name: string, env: Environment): Omit<Mistake, "written"> {
  const similar = didYouMean(nearest(name, Object.keys(env)));
  return {
    message: `environment variable "${name}" is not set`,
    hint: similar.hint ?? `set it, or write \${${name}:-default}`,
  };
}

function placed(document: ParsedDocument, node: Scalar, path: string, mistake: Mistake): ConfigProblem {
  const { written, ...problem } = mistake;
  const [start, end] = node.range ?? [0, 0];
  const offset = Math.max(document.text.slice(start, end).indexOf(written), 0);
  return { file: document.file, ...document.positionAt(start + offset), path, ...problem };
}

/** What YAML would make of the text, where that is the same text again. */
function typed(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}

function pathOf(node: Node, ancestors: readonly unknown[]): ConfigPath {
  const path: (string | number)[] = [];
  for (const [index, ancestor] of ancestors.entries()) {
    if (isPair(ancestor) && isScalar(ancestor.key)) path.push(String(ancestor.key.value));
    if (isSeq(ancestor)) path.push(ancestor.items.indexOf(ancestors[index + 1] ?? node));
  }
  return path;
}
