import { type Document, isMap, type Node, parseDocument } from "yaml";
import { editFile } from "./edit-file.ts";
import { flowText, splicedOrAnew, withoutPlaceholders } from "./spliced-text.ts";

/** An entry for `plugins:`. */
export interface NewPluginEntry {
  readonly name: string;
  readonly use: string;
  /** @default nothing */
  readonly allow?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Puts a plugin into a configuration file, whole or not at all; all else of it stays as it is written.
 *
 * @throws {Error} what the file system throws, or when the file is no YAML, or has such an entry
 */
export function addPluginToFile(path: string, entry: NewPluginEntry): Promise<void> {
  return editFile(path, (text) => withPlugin(text, entry));
}

/**
 * The text of a configuration with an entry more, last of its plugins. Where they are not written one below the other, the
 * text is written anew from what it means.
 *
 * @throws {Error} when the text is no YAML, or has such an entry
 */
export function withPlugin(text: string, { name, use, allow = {} }: NewPluginEntry): string {
  const yaml = parseDocument(text, { merge: true });
  if (yaml.errors.length > 0 || yaml.hasIn(["plugins", name])) {
    throw new Error(`Cannot add plugin ${JSON.stringify(name)}: the file is no YAML, or has it already`);
  }
  const granted = Object.entries(allow).map(([key, entries]) => [key, entries.map(withoutPlaceholders)]);
  const value = {
    use: withoutPlaceholders(use),
    ...(granted.length > 0 && { allow: Object.fromEntries(granted) }),
  };
  return splicedOrAnew(splice(text, yaml, name, value), withEntry(yaml, name, value));
}

/** What the text is to mean. */
function withEntry(yaml: Document, name: string, value: object): Document {
  const wanted = yaml.clone();
  if (isMap(wanted.get("plugins"))) wanted.setIn(["plugins", name], wanted.createNode(value));
  else wanted.set("plugins", wanted.createNode({ [name]: value }));
  return wanted;
}

/** The text with the entry's lines put in; `null` where that place cannot be told. */
function splice(text: string, yaml: Document, name: string, value: object): string | null {
  const whole = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  const plugins = yaml.get("plugins", true);
  if (plugins === undefined) return `${whole}\nplugins:\n${linesOf(name, value, "  ")}`;
  if (!isMap<Node, Node | null>(plugins) || plugins.flow === true) return null;
  const start = plugins.items[0]?.key.range?.[0];
  const last = plugins.items.at(-1);
  const end = (last?.value ?? last?.key)?.range?.[1];
  if (start === undefined || end === undefined) return null;
  const indent = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
  // A block ends behind its last line break, anything else before it.
  const at = whole.indexOf("\n", end - 1) + 1;
  return whole.slice(0, at) + linesOf(name, value, indent) + whole.slice(at);
}

function linesOf(name: string, value: object, indent: string): string {
  const keys = Object.entries(value).map(([key, inner]) => `${indent}${indent}${key}: ${flowText(inner)}\n`);
  return `${indent}${name}:\n${keys.join("")}`;
}
