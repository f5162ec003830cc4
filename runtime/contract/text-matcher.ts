import { TelegraphistError } from "./error.ts";
import type { TextMatch } from "./events.ts";
import type { TextPattern } from "./filter.ts";

/** Finds the pattern of a filter in a text; `null` when it is not there. */
export type TextMatcher = (text: string) => TextMatch | null;

/**
 * A message has at most 4096 characters, and a pattern this many. What a careless expression costs beside is bounded by
 * Bun's engine, which gives up after so many steps (`matchLimit` in JavaScriptCore's Yarr) and finds nothing: about half a
 * second, in which the process stands still.
 */
const maxPatternLength = 1_000;

/**
 * Makes the test of a filter's `text` once.
 *
 * @throws {TelegraphistError} `FILTER_INVALID` when the pattern cannot be read
 */
export function createTextMatcher(text: RegExp | TextPattern | string): TextMatcher {
  const pattern = compilePattern(text);
  return (searched) => {
    const found = pattern.exec(searched);
    if (found === null) return null;
    const named: Record<string, string> = {};
    for (const [name, value] of Object.entries(found.groups ?? {})) {
      if (value !== undefined) named[name] = value;
    }
    return {
      text: found[0],
      index: found.index,
      groups: found.slice(1).map((group) => group ?? null),
      named,
    };
  };
}

function compilePattern(text: RegExp | TextPattern | string): RegExp {
  const source = typeof text === "string" ? RegExp.escape(text) : text.source;
  // "g" and "y" would carry a position from one message to the next.
  const flags = typeof text === "string" ? "iu" : (text.flags ?? "").replace(/[gy]/g, "");
  if (source.length > maxPatternLength) {
    throw invalidPattern(`it has ${source.length} characters, ${maxPatternLength} at most`);
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw invalidPattern(error instanceof Error ? error.message : String(error));
  }
}

function invalidPattern(reason: string): TelegraphistError {
  return new TelegraphistError({
    code: "FILTER_INVALID",
    category: "INVALID",
    message: `Cannot read the filter's "text" pattern: ${reason}`,
  });
}
