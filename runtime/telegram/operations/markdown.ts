import type { MessageEntity, MessageEntityKind } from "../../contract/index.ts";

/** A text without its marks, and the marks. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** Longer marks stand first, so that a fence is not read as three backticks. */
const marks: readonly (readonly [mark: string, kind: MessageEntityKind])[] = [
  ["```", "pre"],
  ["**", "bold"],
  ["__", "italic"],
  ["~~", "strike"],
  ["||", "spoiler"],
  ["`", "code"],
];

const link = /\[([^\]\n]+)\]\(([^)\s]+)\)/y;

/**
 * Reads `**bold**`, `__italic__`, `~~strike~~`, `||spoiler||`, `` `code` ``, fenced code with a language, and
 * `[text](url)`. A backslash takes a mark's meaning away; a mark that is not closed stays text.
 */
export function parseMarkdown(source: string): FormattedText {
  const entities: MessageEntity[] = [];
  const text = readSpan(source, 0, entities);
  return { text, entities };
}

/** The text of a part of the source; its marks are added, outer ones first. `offset` is where the part will stand. */
function readSpan(source: string, offset: number, entities: MessageEntity[]): string {
  let text = "";
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    if (char === "\\" && /[\\`*_~|[\]()]/.test(source.charAt(at + 1))) {
      text += source.charAt(at + 1);
      at += 2;
      continue;
    }
    const found = linkAt(source, at) ?? markAt(source, at);
    if (found === null) {
      text += char;
      at += 1;
      continue;
    }
    const start = offset + text.length;
    const insideMarks: MessageEntity[] = [];
    const inner = found.isVerbatim ? found.inner : readSpan(found.inner, start, insideMarks);
    if (inner.length > 0) entities.push({ ...found.entity, offset: start, length: inner.length });
    entities.push(...insideMarks);
    text += inner;
    at = found.end;
  }
  return text;
}

interface Found {
  readonly entity: Omit<MessageEntity, "offset" | "length">;
  readonly inner: string;
  /** Marks inside are text. */
  readonly isVerbatim: boolean;
  /** Where the source goes on. */
  readonly end: number;
}

function linkAt(source: string, at: number): Found | null {
  link.lastIndex = at;
  const [whole, inner, url] = link.exec(source) ?? [];
  if (whole === undefined || inner === undefined || url === undefined) return null;
  return { entity: { kind: "text-url", url }, inner, isVerbatim: false, end: at + whole.length };
}

function markAt(source: string, at: number): Found | null {
  const [mark, kind] = marks.find(([candidate]) => source.startsWith(candidate, at)) ?? [];
  if (mark === undefined || kind === undefined) return null;
  const close = closeOf(source, mark, at + mark.length);
  if (close <= at + mark.length) return null;
  const inner = source.slice(at + mark.length, close);
  const end = close + mark.length;
  if (kind !== "pre") return { entity: { kind }, inner, isVerbatim: kind === "code", end };
  const [, language = "", body = inner] = /^([\w+#-]*)\n([\s\S]*)$/.exec(inner) ?? [];
  return {
    entity: language === "" ? { kind } : { kind, language },
    inner: body.replace(/\n$/, ""),
    isVerbatim: true,
    end,
  };
}

/** Where the mark closes, past marks that a backslash made text; -1 when it does not. */
function closeOf(source: string, mark: string, from: number): number {
  for (let at = source.indexOf(mark, from); at !== -1; at = source.indexOf(mark, at + 1)) {
    if (source.charAt(at - 1) !== "\\") return at;
  }
  return -1;
}
