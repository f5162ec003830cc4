/** Makes the expression of a rule's `pattern`. @throws {SyntaxError} when it cannot be read */
export function compilePattern(source: string, flags: string): RegExp {
  return new RegExp(source, flags);
}

/** Why a pattern cannot be used, or `null`. */
export function faultOfPattern(source: string, flags: string): string | null {
  try {
    compilePattern(source, flags);
    return null;
  } catch (error) {
    if (error instanceof SyntaxError)
      return `must be a regular expression: ${error.message.replace(/^Invalid regular expression: /, "")}`;
    throw error;
  }
}

/** Names under which a pattern's groups stand in an answer: `match.0` for all, `match.1` on, and `match.<name>`. */
export function groupVariables(pattern: RegExp): readonly string[] {
  // An empty alternative always matches, and its match lists every group.
  const match = new RegExp(`${pattern.source}|`, pattern.flags).exec("");
  return [
    ...Array.from({ length: match?.length ?? 1 }, (_, index) => `match.${index}`),
    ...Object.keys(match?.groups ?? {}).map((name) => `match.${name}`),
  ];
}

/** One expression for a list of whole words or phrases, without regard to case. */
export function keywordPattern(keywords: readonly string[]): RegExp {
  const words = keywords.map((word) => RegExp.escape(word).replaceAll("\\x20", "\\s+"));
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join("|")})(?![\\p{L}\\p{N}_])`, "iu");
}
