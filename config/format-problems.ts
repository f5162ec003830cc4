import type { ConfigProblem } from "./problem.ts";
import { withoutSecrets } from "./secrets.ts";

export interface FormatOptions {
  /** Texts by file name; a problem whose file is not among them is shown without its line. */
  readonly sources: ReadonlyMap<string, string>;
  /** Whether to use terminal colours. @default false */
  readonly color?: boolean;
}

/** Longer lines are cut around the place. */
const maxLineLength = 120;
const leftOfPlace = 60;
/** A text in quotes, or a word: it may have colons in it, such as `messages:read`, yet ends before that of a key. */
const marks = /^(?:"[^"]*"|'[^']*'|(?:[^\s:,[\]{}]|:(?=\S))+)/;

/** Problems as a good compiler prints them: place, message, the line with a mark under it, and what to do. */
export function formatProblems(problems: readonly ConfigProblem[], options: FormatOptions): string {
  const paint = painter(options.color ?? false);
  const blocks = problems.map((problem) => {
    const { file, line, column, path, message, hint } = problem;
    const place = path === "" ? "" : ` ${paint("dim", `(${path})`)}`;
    const head = `${paint("bold", `${file}:${line}:${column}`)} ${paint("red", "error:")} ${message}${place}`;
    const tail = hint === undefined ? [] : [`  ${paint("cyan", "hint:")} ${hint}`];
    return [head, ...excerpt(problem, options.sources, paint), ...tail].join("\n");
  });
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${[...blocks, paint("bold", count)].join("\n\n")}\n`;
}

function excerpt(
  { file, line, column }: ConfigProblem,
  sources: ReadonlyMap<string, string>,
  paint: Paint,
): readonly string[] {
  const whole = sources.get(file)?.split(/\r?\n/)[line - 1];
  if (whole === undefined) return [];
  const start = whole.length > maxLineLength ? Math.max(0, column - 1 - leftOfPlace) : 0;
  const shown = withoutSecrets(whole).slice(start, start + maxLineLength);
  const at = column - 1 - start;
  const marked = marks.exec(shown.slice(at))?.[0].length ?? 1;
  // Tabs stay, so that the mark stands under its place.
  const indent = shown.slice(0, at).replace(/[^\t]/g, " ");
  const gutter = String(line);
  return [
    `  ${paint("dim", `${gutter} |`)} ${shown}`,
    `  ${paint("dim", `${" ".repeat(gutter.length)} |`)} ${indent}${paint("red", "^".repeat(marked))}`,
  ];
}

type Style = "bold" | "dim" | "red" | "cyan";
type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, cyan: 36 };

function painter(color: boolean): Paint {
  return color ? (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m` : (_, text) => text;
}
