/** The type of a field or of a method's answer, read from TL text. */
export type TlType =
  | { readonly kind: "basic"; readonly name: BasicName }
  /** `boxed` vectors are written with the vector's own constructor id before the count. */
  | { readonly kind: "vector"; readonly boxed: boolean; readonly item: TlType }
  /** An object of a type, written with its constructor's id. */
  | { readonly kind: "boxed"; readonly name: string }
  /** An object of one constructor, written without an id. */
  | { readonly kind: "bare"; readonly name: string }
  /** Any method call (`!X`). */
  | { readonly kind: "any" };

export type BasicName =
  | "flags"
  | "int"
  | "long"
  | "double"
  | "int128"
  | "int256"
  | "string"
  | "bytes"
  | "Bool"
  | "true";

export interface TlField {
  readonly name: string;
  readonly type: TlType;
  /** The word of flags and the bit in it that say whether the field is there; null when it always is. */
  readonly condition: { readonly flags: string; readonly bit: number } | null;
}

/** One line of a schema: a constructor or a method. */
export interface TlDefinition {
  readonly name: string;
  /** Unsigned. */
  readonly id: number;
  readonly fields: readonly TlField[];
  readonly result: TlType;
  readonly isFunction: boolean;
}

const BASIC: Readonly<Record<string, BasicName>> = {
  "#": "flags",
  int: "int",
  long: "long",
  double: "double",
  int128: "int128",
  int256: "int256",
  string: "string",
  bytes: "bytes",
  Bool: "Bool",
  true: "true",
};

/** What the codec reads and writes by itself. */
const BUILT_IN = new Set(["boolTrue", "boolFalse", "vector"]);

/**
 * Reads a schema in TL language (core.telegram.org/mtproto/TL). Lines without a constructor id are left out: nothing
 * that is sent has such a line.
 *
 * @throws {SyntaxError} when a line is none of TL
 */
export function parseSchema(text: string): TlDefinition[] {
  const definitions: TlDefinition[] = [];
  let isFunction = false;
  for (const rawLine of text.split("\n")) {
    const line = rawLine.replace(/\/\/.*$/, "").trim();
    if (line === "") continue;
    if (line.startsWith("---")) {
      isFunction = line === "---functions---";
      continue;
    }
    const definition = parseLine(line, isFunction);
    if (definition !== null) definitions.push(definition);
  }
  return definitions;
}

function parseLine(line: string, isFunction: boolean): TlDefinition | null {
  const [, name, id, body, result] = /^([\w.]+)(?:#([0-9a-f]{1,8}))?(.*?)\s*=\s*([^=;]+);$/.exec(line) ?? [];
  if (name === undefined || body === undefined || result === undefined) {
    throw new SyntaxError(`Cannot read the TL line "${line}": want "name#id field:type = Type;"`);
  }
  if (id === undefined || BUILT_IN.has(name)) return null;
  const words = body.split(/\s+/).filter((word) => word !== "" && !word.startsWith("{"));
  return {
    name,
    id: Number.parseInt(id, 16),
    fields: words.map(parseField),
    result: parseType(result.trim()),
    isFunction,
  };
}

function parseField(word: string): TlField {
  const [, name, flags, bit, type] = /^(\w+):(?:(\w+)\.(\d+)\?)?(.+)$/.exec(word) ?? [];
  if (name === undefined || type === undefined) {
    throw new SyntaxError(`Cannot read the TL field "${word}": want "name:type"`);
  }
  return {
    name,
    type: parseType(type),
    condition: flags === undefined ? null : { flags, bit: Number(bit) },
  };
}

function parseType(text: string): TlType {
  const basic = BASIC[text];
  if (basic !== undefined) return { kind: "basic", name: basic };
  const [, vector, item] = /^([Vv]ector)<(.+)>$/.exec(text) ?? [];
  if (item !== undefined) return { kind: "vector", boxed: vector === "Vector", item: parseType(item) };
  if (text === "!X" || text === "X") return { kind: "any" };
  if (text.startsWith("%")) return { kind: "bare", name: text.slice(1) };
  const isConstructor = /(?:^|\.)[a-z]\w*$/.test(text);
  return { kind: isConstructor ? "bare" : "boxed", name: text };
}
