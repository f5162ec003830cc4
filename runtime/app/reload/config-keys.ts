import { redactedFields, redactedText } from "../../../telemetry/index.ts";

/** A key of the configuration that says something else. */
export interface KeyChange {
  /** As `plugins.inviter.config.dailyLimit`. */
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  /** As JSON, where it is short and cannot be a secret; `null` where it is not told, or there is none. */
  readonly before: string | null;
  readonly after: string | null;
}

const maxShownLength = 80;

/** The innermost keys in which two values differ, in the order of the second. */
export function changedKeys(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): readonly KeyChange[] {
  if (Bun.deepEquals(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
    return [...keys].flatMap((key) => changedKeys(before[key], after[key], [...path, key]));
  }
  const change = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  return [
    { path: redactedText(path.join(".")), change, before: shown(before, path), after: shown(after, path) },
  ];
}

/** The value as JSON, unless its name, a name around it, or its own form tells of a secret. */
function shown(value: unknown, path: readonly string[]): string | null {
  if (value === undefined) return null;
  const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  // A path has one key at least where two configurations are compared.
  const isOpen = Bun.deepEquals(redactedFields(nested as Record<string, unknown>), nested);
  const text = JSON.stringify(value);
  return isOpen && text.length <= maxShownLength ? text : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
