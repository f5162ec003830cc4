import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { ConfigPath, ConfigProblem, Position } from "./problem.ts";
import { yamlMistakes } from "./yaml-mistakes.ts";

/** A YAML file with the places of what is in it. */
export interface ConfigDocument {
  /** As it was given to `loadConfig`. */
  readonly file: string;
  readonly text: string;
  /** Where the value at a path stands, else the nearest thing around it that is there. */
  locate(path: ConfigPath): Position;
  /** Where the key at a path stands, else as `locate`. */
  locateKey(path: ConfigPath): Position;
}

/** A document while it is read. */
export interface ParsedDocument extends ConfigDocument {
  readonly yaml: Document;
  positionAt(offset: number): Position;
  /** Mistakes in the YAML itself, repeated keys among them; one for each line. */
  readonly problems: readonly ConfigProblem[];
}

export function parseYaml(file: string, text: string): ParsedDocument {
  const lineCounter = new LineCounter();
  // Pretty errors quote the source, which may hold a secret.
  const yaml = parseDocument(text, { lineCounter, merge: true, prettyErrors: false });

  const positionAt = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const locate = (path: ConfigPath) => positionAt(nodesAlong(yaml, path).value?.range?.[0] ?? 0);

  return {
    file,
    text,
    yaml,
    locate,
    locateKey(path) {
      const { key } = nodesAlong(yaml, path);
      return key?.range ? positionAt(key.range[0]) : locate(path);
    },
    positionAt,
    problems: yamlMistakes(yaml, text).map(({ offset, ...problem }) => ({
      file,
      ...positionAt(offset),
      path: "",
      ...problem,
    })),
  };
}

interface NodesAlong {
  /** The innermost value that is there. */
  readonly value: Node | null;
  /** The key of the whole path; `null` when it is not there or stands in a list. */
  readonly key: Node | null;
}

function nodesAlong(yaml: Document, path: ConfigPath): NodesAlong {
  let value: Node | null = yaml.contents;
  let key: Node | null = null;
  for (const part of path) {
    key = null;
    const holder: Node | null | undefined = isAlias(value) ? value.resolve(yaml) : value;
    if (isMap<Node, Node | null>(holder)) {
      const pair = holder.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) break;
      key = pair.key;
      value = pair.value ?? pair.key;
    } else if (isSeq<Node>(holder) && typeof part === "number" && holder.items[part] !== undefined) {
      value = holder.items[part];
    } else {
      break;
    }
  }
  return { value, key };
}
