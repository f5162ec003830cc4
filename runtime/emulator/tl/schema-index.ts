import { parseSchema, type TlDefinition } from "./schema.ts";
import { TlError } from "./tl-error.ts";

/** The definitions of some schema texts by name and by id; a later text wins where two define the same. */
export class SchemaIndex {
  readonly #constructors = new Map<string, TlDefinition>();
  readonly #methods = new Map<string, TlDefinition>();
  readonly #byId = new Map<number, TlDefinition>();

  constructor(texts: readonly string[]) {
    for (const definition of texts.flatMap(parseSchema)) {
      (definition.isFunction ? this.#methods : this.#constructors).set(definition.name, definition);
      this.#byId.set(definition.id, definition);
    }
  }

  has(id: number): boolean {
    return this.#byId.has(id);
  }

  /** @throws {TlError} when no schema has that id */
  byId(id: number): TlDefinition {
    const definition = this.#byId.get(id);
    if (definition === undefined) {
      const hex = id.toString(16).padStart(8, "0");
      throw new TlError(`Cannot read constructor ${hex}: it is not in the schema`, id);
    }
    return definition;
  }

  /** @throws {TlError} when no schema has a constructor of that name */
  constructorNamed(name: string): TlDefinition {
    const definition = this.#constructors.get(name);
    if (definition === undefined) throw new TlError(`Cannot write "${name}": no constructor has that name`);
    return definition;
  }

  /** @throws {TlError} when no schema has a method of that name */
  methodNamed(name: string): TlDefinition {
    const definition = this.#methods.get(name);
    if (definition === undefined) throw new TlError(`Cannot write "${name}": no method has that name`);
    return definition;
  }
}
