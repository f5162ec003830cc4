import { type Document, visit } from "yaml";

export interface YamlMistake {
  /** In the text, from 0. */
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

const needsQuotes = `inside { } and [ ] a \${NAME} has to be in quotes`;

/** What is wrong with the YAML itself: the first mistake of each line, as the others there follow from it. */
export function yamlMistakes(yaml: Document, text: string): readonly YamlMistake[] {
  const byLine = new Map<number, YamlMistake>();
  for (const mistake of [...syntaxMistakes(yaml), ...lostAliases(yaml)]) {
    const lineStart = text.lastIndexOf("\n", mistake.offset - 1) + 1;
    if (byLine.has(lineStart)) continue;
    const [line = ""] = text.slice(lineStart).split("\n", 1);
    const hint = line.includes("${") ? { hint: needsQuotes } : {};
    byLine.set(lineStart, { ...mistake, message: `cannot read YAML: ${mistake.message}`, ...hint });
  }
  return [...byLine.values()];
}

/** Some of the parser's messages end in the text that it stumbled over, which may hold a secret: it is cut off. */
function syntaxMistakes(yaml: Document): readonly YamlMistake[] {
  return yaml.errors.map(({ message, pos }) => ({
    offset: pos[0],
    message: message.replace(/:? ["'`].*/s, "").replace(/^./, (first) => first.toLowerCase()),
  }));
}

function lostAliases(yaml: Document): readonly YamlMistake[] {
  const lost: YamlMistake[] = [];
  visit(yaml, {
    Alias(_, alias) {
      if (alias.resolve(yaml) !== undefined) return;
      lost.push({ offset: alias.range?.[0] ?? 0, message: "no anchor stands before this alias" });
    },
  });
  return lost;
}
