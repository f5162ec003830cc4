import type { Schema } from "telegraphist";
import { parse } from "yaml";

/** The YAML examples of a plugin's page in `docs/plugins`, each a map of entries by name. */
export async function exampleEntries(plugin: string): Promise<readonly Record<string, unknown>[]> {
  const page = await Bun.file(`${import.meta.dir}/../../docs/plugins/${plugin}.md`).text();
  return [...page.matchAll(/^```yaml\n(.*?)^```/gms)].flatMap(([, yaml = ""]) => {
    const document: unknown = parse(yaml);
    const plugins = memberOf(document, "plugins");
    return typeof plugins === "object" && plugins !== null ? Object.values(plugins) : [];
  });
}

/** What a schema says about a value: paths and messages, empty when it fits. */
export async function issuesOf(schema: Schema<unknown>, value: unknown): Promise<readonly string[]> {
  const result = await schema["~standard"].validate(value);
  return (result.issues ?? []).map(({ message, path = [] }) => {
    const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
    return `${keys.join(".")}: ${message}`;
  });
}

/** The scopes that an entry allows. */
export function scopesOf(entry: unknown): readonly unknown[] {
  const scopes = memberOf(memberOf(entry, "allow"), "telegram");
  return Array.isArray(scopes) ? scopes : [];
}

/** The member of a value that may be no object. */
export function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && key in value ? Reflect.get(value, key) : undefined;
}
