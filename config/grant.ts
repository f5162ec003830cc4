import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { editFile } from "./edit-file.ts";
import { flowText, splicedOrAnew, withoutPlaceholders } from "./spliced-text.ts";

/** One entry for `plugins.<plugin>.allow.<permission>`. */
export interface YamlGrant {
  readonly plugin: string;
  readonly permission: string;
  readonly entry: string;
}

/**
 * Writes a grant into a configuration file, whole or not at all; all else of it stays as it is written.
 *
 * @throws {Error} what the file system throws, or when the file is no YAML that has the plugin
 */
export function grantInFile(path: string, grant: YamlGrant): Promise<void> {
  return editFile(path, (text) => withGrant(text, grant));
}

/**
 * The text of a configuration with a grant in it, its comments, order, and spacing kept. Where the grant's place is
 * shared by an alias, the text is written anew from what it means.
 *
 * @throws {Error} when the text is no YAML, or has no such plugin
 */
export function withGrant(text: string, { plugin, permission, entry }: YamlGrant): string {
  const yaml = parseDocument(text, { merge: true });
  if (yaml.errors.length > 0 || !yaml.hasIn(["plugins", plugin])) {
    throw new Error(
      `Cannot grant anything to plugin ${JSON.stringify(plugin)}: the file has none of that name`,
    );
  }
  const value = withoutPlaceholders(entry);
  const path = ["plugins", plugin, "allow", permission];
  return splicedOrAnew(splice(text, yaml, path, value), granted(yaml, path, value));
}

/** What the text is to mean. */
function granted(yaml: Document, path: readonly string[], value: string): Document {
  const wanted = yaml.clone();
  const missing = path.findIndex((_, depth) => !isCollectionAt(wanted, path.slice(0, depth + 1)));
  if (missing === -1) wanted.addIn(path, value);
  else {
    const inner = path.slice(missing + 1).reduceRight<unknown>((held, key) => ({ [key]: held }), [value]);
    wanted.setIn(path.slice(0, missing + 1), wanted.createNode(inner));
  }
  return wanted;
}

function isCollectionAt(yaml: Document, path: readonly string[]): boolean {
  const node = yaml.getIn(path, true);
  return isMap(node) || isSeq(node);
}

/** The text with as much put in as is missing; `null` where that place cannot be told. */
function splice(text: string, yaml: Document, path: readonly string[], value: string): string | null {
  for (let depth = path.length; depth > 1; depth--) {
    const node = yaml.getIn(path.slice(0, depth), true);
    if (isAlias(node)) return null;
    const rest = path.slice(depth);
    if (isSeq<Node>(node) && node.range)
      return rest.length === 0 ? intoList(text, node, flowText([value])) : null;
    if (isMap<Node>(node) && node.range) return intoMap(text, node, rest, value);
    const key = keyAt(yaml, path.slice(0, depth));
    if (key !== null && isScalar(node) && node.value === null) {
      const inner = rest.reduceRight<unknown>((held, name) => ({ [name]: held }), [value]);
      return insert(text, key, `: ${flowText(inner)}`, 1);
    }
  }
  return null;
}

function intoList(text: string, list: YAMLSeq<Node>, item: string): string | null {
  const bare = item.slice(1, -1).trim();
  const last = list.items.at(-1);
  if (list.flow) return intoFlow(text, list, bare);
  if (!last?.range || !list.range) return null;
  return insertBelow(text, last.range[1], `${indentAt(text, list.range[0])}- ${bare}`);
}

function intoMap(text: string, map: YAMLMap<Node>, rest: readonly string[], value: string): string | null {
  const [name, ...inner] = rest;
  if (name === undefined) return null;
  const held = inner.reduceRight<unknown>((deeper, key) => ({ [key]: deeper }), [value]);
  if (map.flow) return intoFlow(text, map, `${name}: ${flowText(held)}`);
  const [first] = map.items;
  const start = first?.key.range?.[0];
  if (first === undefined || start === undefined) return null;
  const line = `${name}: ${flowText(held)}`;
  const indent = indentAt(text, start);
  // What stands first on a line of its own, as `use` does, goes on to stand first.
  return isScalar(first.value) && first.value.range
    ? insertBelow(text, first.value.range[1], indent + line)
    : insert(text, start, `${line}\n${indent}`);
}

/** Before the bracket that closes it, and the spaces before that. */
function intoFlow(text: string, node: YAMLMap<Node> | YAMLSeq<Node>, added: string): string | null {
  if (!node.range) return null;
  const end = text.slice(0, node.range[1] - 1).trimEnd().length;
  return insert(text, end, node.items.length === 0 ? added : `, ${added}`);
}

function insert(text: string, at: number, added: string, replaced = 0): string {
  return text.slice(0, at) + added + text.slice(at + replaced);
}

/** As the next line after the one on which something ends. */
function insertBelow(text: string, end: number, line: string): string {
  const lineEnd = text.indexOf("\n", end - 1);
  return insert(text, lineEnd < 0 ? text.length : lineEnd, `\n${line}`);
}

function indentAt(text: string, at: number): string {
  return " ".repeat(at - (text.lastIndexOf("\n", at - 1) + 1));
}

/** Where the key of the path ends. */
function keyAt(yaml: Document, path: readonly string[]): number | null {
  const holder = yaml.getIn(path.slice(0, -1), true);
  if (!isMap<Node>(holder)) return null;
  for (const { key } of holder.items)
    if (isScalar(key) && key.value === path.at(-1)) return key.range?.[1] ?? null;
  return null;
}
