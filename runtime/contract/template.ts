import { hasCode, TelegraphistError } from "./error.ts";

/** A text with variables, `Hello {{sender.firstName|there}}`, that has been read. */
export interface Template {
  /** The variables' names in order of appearance, each once. */
  readonly variables: readonly string[];
  /**
   * Puts values in the variables' places.
   *
   * @param lookUp the value of a variable; for an empty one the text behind `|` stands, by default nothing
   */
  render(lookUp: (variable: string) => string): string;
}

interface Variable {
  readonly name: string;
  readonly fallback: string;
}

/**
 * Reads a template.
 *
 * @throws {TelegraphistError} `TEMPLATE_INVALID` when braces are not closed or hold no name; `data.at` is the place
 */
export function parseTemplate(text: string): Template {
  const parts: (string | Variable)[] = [];
  let end = 0;
  for (let start = text.indexOf("{{"); start >= 0; start = text.indexOf("{{", end)) {
    const close = text.indexOf("}}", start);
    const inner = /^\s*([a-zA-Z][\w.]*)\s*(?:\|(.*))?$/s.exec(close < 0 ? "" : text.slice(start + 2, close));
    if (inner?.[1] === undefined) throw invalidTemplate(text, start);
    parts.push(text.slice(end, start), { name: inner[1], fallback: inner[2] ?? "" });
    end = close + 2;
  }
  parts.push(text.slice(end));
  return {
    variables: [...new Set(parts.flatMap((part) => (typeof part === "string" ? [] : [part.name])))],
    render: (lookUp) =>
      parts.map((part) => (typeof part === "string" ? part : lookUp(part.name) || part.fallback)).join(""),
  };
}

/** Why a text cannot be used as a template with these variables, for a configuration's error; `null` when it can. */
export function faultOfTemplate(text: string, known: readonly string[]): string | null {
  try {
    const unknown = parseTemplate(text).variables.find((name) => !known.includes(name));
    if (unknown === undefined) return null;
    return `must not have the variable ${JSON.stringify(unknown)}: known are ${known.join(", ")}`;
  } catch (error) {
    if (hasCode(error, "TEMPLATE_INVALID") && error instanceof Error) return error.message;
    throw error;
  }
}

function invalidTemplate(text: string, at: number): TelegraphistError {
  return new TelegraphistError({
    code: "TEMPLATE_INVALID",
    category: "INVALID",
    message: `Cannot read template as "{{" must be followed by a variable and "}}": received ${JSON.stringify(text.slice(at, at + 20))}`,
    data: { at },
  });
}
