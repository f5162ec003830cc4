import { context, trace } from "@opentelemetry/api";
import { redactedFields, redactedText } from "./redaction.ts";
import { errorTypeOf } from "./trace.ts";

/** One time that an error happened; redacted. */
export interface ErrorSample {
  readonly atMs: number;
  /** The log line. */
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly traceId: string | null;
}

/** An error with how often and when it happened. */
export interface TrackedError {
  /** The error's code, or the log line where no error was given. */
  readonly key: string;
  readonly count: number;
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
  /** The latest ones, newest first. */
  readonly samples: readonly ErrorSample[];
}

export interface ErrorTracker {
  /** Counts an error under its key; `fields.error` is the one that was thrown. */
  record(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** What happened so far, the latest first. */
  list(): readonly TrackedError[];
}

export interface ErrorTrackerOptions {
  readonly now?: () => number;
  /** The key that was not seen for longest gives way past this number. @default 200 */
  readonly maxKeys?: number;
  /** @default 5 */
  readonly maxSamples?: number;
}

/** Makes a tracker that keeps, in bounded memory, what went wrong since the program started. */
export function createErrorTracker(options: ErrorTrackerOptions = {}): ErrorTracker {
  const { now = Date.now, maxKeys = 200, maxSamples = 5 } = options;
  // In order of the last sighting: a key that is seen again is put at the end.
  const tracked = new Map<string, TrackedError>();

  return {
    record(message, fields = {}) {
      const atMs = now();
      const key = fields.error === undefined ? redactedText(message) : errorTypeOf(fields.error);
      const sample: ErrorSample = {
        atMs,
        message: redactedText(message),
        fields: redactedFields(fields),
        traceId: trace.getSpanContext(context.active())?.traceId ?? null,
      };
      const known = tracked.get(key);
      tracked.delete(key);
      tracked.set(key, {
        key,
        count: (known?.count ?? 0) + 1,
        firstSeenAtMs: known?.firstSeenAtMs ?? atMs,
        lastSeenAtMs: atMs,
        samples: [sample, ...(known?.samples ?? [])].slice(0, maxSamples),
      });
      const [oldest] = tracked.keys();
      if (tracked.size > maxKeys && oldest !== undefined) tracked.delete(oldest);
    },
    list: () => [...tracked.values()].reverse(),
  };
}
