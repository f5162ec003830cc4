import { schemaText } from "../gramjs.ts";

export interface RawField {
  /** As the schema spells it: `random_id`. */
  readonly name: string;
  /** Without its condition: `Vector<InputUser>`. */
  readonly type: string;
  readonly isOptional: boolean;
}

/** One line of the schema: a constructor or a method. */
export interface RawDefinition {
  /** With its namespace: `messages.sendMessage`. */
  readonly name: string;
  /** Unsigned. */
  readonly id: number;
  readonly fields: readonly RawField[];
  readonly isMethod: boolean;
}

/** The schema that GramJS speaks, by the names of Telegram's documentation. */
export interface RawSchema {
  readonly methods: ReadonlyMap<string, RawDefinition>;
  readonly constructors: ReadonlyMap<string, RawDefinition>;
  readonly byId: ReadonlyMap<number, RawDefinition>;
}

let schema: RawSchema | undefined;

/** Reads the schema at its first use: it has 2,000 lines, and most programs never make a raw call. */
export function rawSchema(): RawSchema {
  schema ??= readSchema(schemaText);
  return schema;
}

function readSchema(text: string): RawSchema {
  const methods = new Map<string, RawDefinition>();
  const constructors = new Map<string, RawDefinition>();
  const byId = new Map<number, RawDefinition>();
  let isMethod = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("---")) isMethod = line.startsWith("---functions---");
    const [, name, id, fields = ""] = /^([\w.]+)#([0-9a-f]+) (.*)= [\w.<>]+;/.exec(line) ?? [];
    if (name === undefined || id === undefined) continue;
    const definition = { name, id: Number.parseInt(id, 16), fields: readFields(fields), isMethod };
    (isMethod ? methods : constructors).set(name, definition);
    byId.set(definition.id, definition);
  }
  return { methods, constructors, byId };
}

/** Fields of a line without the flag words, which say only which of the others are there. */
function readFields(text: string): readonly RawField[] {
  return [...text.matchAll(/(?<![{\w])(\w+):(?:(flags\d*\.\d+)\?)?([!\w.<>]+)/g)].map(
    ([, name = "", condition, type = ""]) => ({ name, type, isOptional: condition !== undefined }),
  );
}
