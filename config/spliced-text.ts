import { isDeepStrictEqual } from "node:util";
import { type Document, parseDocument, stringify } from "yaml";

/**
 * The text in which something was put at a place, so that all else is as it was written, if it means what is wanted; else
 * a text that is written anew from that.
 */
export function splicedOrAnew(spliced: string | null, wanted: Document): string {
  return spliced !== null && means(spliced, wanted) ? spliced : wanted.toString({ lineWidth: 0 });
}

function means(text: string, wanted: Document): boolean {
  const read = parseDocument(text, { merge: true });
  return read.errors.length === 0 && isDeepStrictEqual(read.toJS(), wanted.toJS());
}

/** A value on one line: `{ telegram: [messages:read] }`. */
export function flowText(value: unknown): string {
  const text = stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
  return text.startsWith("[ ") ? `[${text.slice(2, -2)}]` : text.replaceAll("[ ", "[").replaceAll(" ]", "]");
}

/** A text as it must stand in a configuration, where a `$` by itself would begin a placeholder. */
export function withoutPlaceholders(text: string): string {
  return text.replaceAll("$", "$$$$");
}
