import { getSchemaValidator, type TSchema, t } from "elysia";
import { seededRandom } from "../world/faults.ts";
import type { WorldFaults } from "../world/world-faults.ts";
import { faultTable } from "./fault-table.ts";

/** Faults that come by the clock. */
export interface FaultScript {
  readonly seed: number;
  readonly steps: readonly FaultStep[];
}

interface FaultStep {
  /** A name of the table. */
  readonly fault: string;
  readonly body: unknown;
  /** After the script began. */
  readonly atMs: number;
  /** `null` for once. */
  readonly everyMs: number | null;
  /** Part of the turns that happen, 0 to 1, by the seed. */
  readonly odds: number;
}

/** What keeps a script from being played: where it stands, by keys and indexes, and why. */
export interface ScriptProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ReadScript =
  | { readonly ok: true; readonly script: FaultScript }
  | { readonly ok: false; readonly problems: readonly ScriptProblem[] };

const turns = {
  atMs: t.Optional(t.Integer({ minimum: 0, maximum: 86_400_000 })),
  everyMs: t.Optional(t.Integer({ minimum: 10, maximum: 86_400_000 })),
  odds: t.Optional(t.Number({ minimum: 0, maximum: 1 })),
};
const scriptSchema = t.Object({
  seed: t.Optional(t.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })),
  faults: t.Array(t.Record(t.String(), t.Unknown()), { minItems: 1, maxItems: 1000 }),
});

/** Reads what a YAML or JSON file holds; tells all that is wrong with it. */
export function readFaultScript(value: unknown): ReadScript {
  const problems: ScriptProblem[] = [...faultsOf(scriptSchema, value, [])];
  if (problems.length > 0) return { ok: false, problems };
  // It fits the schema.
  const { seed = 0, faults } = value as typeof scriptSchema.static;
  const steps = faults.map((entry, index) => {
    const { atMs, everyMs, odds, ...rest } = entry;
    const path = ["faults", index];
    problems.push(...faultsOf(t.Object(turns), JSON.parse(JSON.stringify({ atMs, everyMs, odds })), path));
    const [fault = "", ...others] = Object.keys(rest);
    const kind = faultTable[fault];
    const body = rest[fault] ?? {};
    if (kind === undefined || others.length > 0) {
      const message = `must have one fault, and may have ${Object.keys(turns).join(", ")}: known faults are ${Object.keys(faultTable).join(", ")}`;
      problems.push({ path, message });
    } else {
      problems.push(...faultsOf(kind.body, body, [...path, fault]));
    }
    return { fault, body, atMs: atMs ?? 0, everyMs: everyMs ?? null, odds: odds ?? 1 } as FaultStep;
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, script: { seed, steps } };
}

export interface PlayOptions {
  readonly faults: WorldFaults;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called when a step had its turn; with an error when it could not be carried out. */
  readonly onTurn: (fault: string, error: Error | null) => void;
}

/** Plays a script from now on; resolves when no step has another turn, or at the signal. */
export async function playFaultScript({ seed, steps }: FaultScript, options: PlayOptions): Promise<void> {
  options.faults.seed(seed);
  // Each step draws for itself: how the steps' timers interleave changes nothing.
  await Promise.all(steps.map((step, index) => playStep(step, seededRandom(seed + index), options)));
}

async function playStep(
  { fault, body, atMs, everyMs, odds }: FaultStep,
  random: () => number,
  { faults, signal, onTurn }: PlayOptions,
): Promise<void> {
  let waitMs: number | null = atMs;
  while (waitMs !== null && (await passed(waitMs, signal))) {
    if (random() < odds)
      onTurn(
        fault,
        errorOf(() => faultTable[fault]?.run(faults, body)),
      );
    waitMs = everyMs;
  }
}

function errorOf(run: () => void): Error | null {
  try {
    run();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Whether the time has passed before the signal came. */
async function passed(durationMs: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(true), durationMs);
  const onAbort = () => resolve(false);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function* faultsOf(
  schema: TSchema,
  value: unknown,
  path: readonly (string | number)[],
): Iterable<ScriptProblem> {
  const validator = getSchemaValidator(schema, { additionalProperties: false, dynamic: true });
  for (const { path: pointer, schema: expected, message } of validator.Errors(value)) {
    const keys = pointer.split("/").slice(1);
    const place = [...path, ...keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key))];
    yield { path: place, message: wordsOf(expected) ?? message };
  }
}

/** What a number or a choice must be; `null` for other schemas. Elysia's numbers are unions, as they may come as texts. */
function wordsOf(schema: TSchema): string | null {
  const { anyOf = [schema], enum: choices } = schema;
  if (Array.isArray(choices)) return `must be one of ${choices.join(", ")}`;
  const constants = anyOf.filter((one: TSchema) => "const" in one).map((one: TSchema) => one.const);
  if (constants.length > 0) return `must be one of ${constants.join(", ")}`;
  const range = anyOf.find(({ type }: TSchema) => type === "integer" || type === "number");
  if (range === undefined) return null;
  const { type, minimum, maximum } = range;
  return `must be ${type === "integer" ? "a whole number" : "a number"}${minimum === undefined ? "" : ` from ${minimum} to ${maximum}`}`;
}
