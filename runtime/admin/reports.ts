import { z } from "zod";

/** What went wrong, as the API tells it. */
export const failure = z.object({ code: z.string(), category: z.string(), message: z.string() });
const sinceMs = z.number().describe("When it came to this state, in milliseconds since 1970");

/** An account as the admin API shows it; it holds no phone number and no name of a person. */
export const accountReport = z.object({
  name: z.string(),
  state: z.enum([
    "new",
    "connecting",
    "catching-up",
    "online",
    "waiting",
    "offline",
    "logged-out",
    "frozen",
    "stopped",
  ]),
  sinceMs,
  untilMs: z
    .number()
    .nullable()
    .describe("When an account that waits comes back; null when Telegram did not say, or it does not wait"),
  retryAtMs: z
    .number()
    .nullable()
    .describe("When an account that is offline tries again; null when no try helps, or it is not offline"),
  userId: z.string().nullable(),
  latencyMs: z.number().nullable().describe("Round trip of the last ping; null before the first"),
  lastHeardAtMs: z.number().nullable().describe("When the last ping was answered"),
  failuresInRow: z.number().describe("Calls since the last one that Telegram answered, by an error or not"),
  reconnects: z.number().describe("How often the connection was made anew since the start"),
  otherConnections: z.number().describe("Connections for files to other data centres"),
  lastUsedAtMs: z.number().nullable().describe("When a call last went out"),
  lastUpdateAtMs: z.number().nullable(),
  lastError: failure.nullable().describe("Why it is in this state, or else the last loss of its connection"),
  waits: z
    .array(
      z.object({
        method: z
          .string()
          .describe("A method or a group of methods; `unsolicited` or `writes` of a restriction"),
        untilMs: z.number().describe("In milliseconds since 1970"),
        isRestriction: z.boolean().describe("Whether Telegram flagged or froze the account"),
      }),
    )
    .readonly()
    .describe("What Telegram does not want called yet"),
  callsWaiting: z.number().describe("Calls that wait for their turn"),
});
export type AccountReport = Readonly<z.infer<typeof accountReport>>;

/** What a look at an account found. */
export const checkReport = z.object({
  account: z.string(),
  isFit: z.boolean().describe("Whether it can be used now"),
  latencyMs: z.number().nullable().describe("Round trip of the last ping, of one that is fit"),
  error: failure.nullable().describe("Why it is not fit, such as ACCOUNT_OFFLINE; null when it is"),
});
export type CheckReport = Readonly<z.infer<typeof checkReport>>;

/** A plugin as the admin API shows it. */
export const pluginReport = z.object({
  name: z.string(),
  use: z.string().describe("What the configuration names: a bundled plugin, a path, or a package"),
  version: z.string().nullable().describe("null before the plugin was loaded"),
  description: z.string().nullable(),
  accounts: z.array(z.string()).readonly(),
  isolation: z.enum(["process", "inline"]).describe("A process of its own, or the program's"),
  process: z
    .object({
      pid: z.number(),
      level: z.string().describe("What the kernel enforces on it, such as landlock:7+seccomp; none"),
      residentBytes: z.number().nullable().describe("Memory when it was last looked at"),
    })
    .nullable()
    .describe("Its process, while it has one"),
  restarts: z.number().describe("How often it was started again after its process had ended by itself"),
  reloads: z.number().describe("How often it went on with new code or settings"),
  reloadError: failure.nullable().describe("Why the last new ones did not start, and it goes on as it was"),
  state: z.enum(["starting", "running", "failed", "disabled", "stopped"]),
  sinceMs,
  error: failure.nullable().describe("Why it failed"),
  counters: z.object({ events: z.number(), errors: z.number(), calls: z.number(), denied: z.number() }),
});
export type PluginReport = Readonly<z.infer<typeof pluginReport>>;

export const databaseReport = z.object({
  ok: z.boolean(),
  latencyMs: z.number(),
  problem: z.string().nullable().describe("An error code; null when it is well"),
});
export type DatabaseReport = Readonly<z.infer<typeof databaseReport>>;

export const journalReport = z.object({
  plugins: z
    .array(
      z.object({
        plugin: z.string(),
        unhandled: z.number().describe("Events that it has not handled, at most"),
        oldestAgeMs: z.number().nullable().describe("How long ago the oldest of them came; null for none"),
      }),
    )
    .readonly(),
  deadLetters: z.number().describe("Events that were put aside"),
  problem: z.string().nullable().describe("Why it is not well; null when it is"),
});
export type JournalReport = Readonly<z.infer<typeof journalReport>>;

export const healthReport = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  version: z.string(),
  timestamp: z.iso.datetime(),
  uptimeMs: z.number(),
  memory: z.object({ rssBytes: z.number(), heapUsedBytes: z.number() }),
  accounts: z.array(
    accountReport.pick({ name: true, state: true, sinceMs: true, latencyMs: true, waits: true }),
  ),
  plugins: z.array(
    pluginReport.pick({
      name: true,
      state: true,
      sinceMs: true,
      isolation: true,
      process: true,
      restarts: true,
    }),
  ),
  database: databaseReport,
  journal: journalReport,
});
export type HealthReport = Readonly<z.infer<typeof healthReport>>;

/** An event without its content: what people wrote stays between them, also from whoever reads this API. */
export const eventReport = z.object({
  id: z.string(),
  type: z.string(),
  account: z.string(),
  chatId: z.string().nullable(),
  chatKind: z.string().nullable(),
  atMs: z.number(),
  receivedAtMs: z.number(),
  traceparent: z.string().nullable(),
});
export type EventReport = Readonly<z.infer<typeof eventReport>>;

/** An event that a plugin was given too often in vain, without its content. */
export const deadLetterReport = z.object({
  id: z.string(),
  plugin: z.string(),
  account: z.string(),
  eventId: z.string(),
  type: z.string(),
  chatId: z.string().nullable(),
  attempts: z.number(),
  error: failure.omit({ category: true }),
  failedAtMs: z.number(),
});
export type DeadLetterReport = Readonly<z.infer<typeof deadLetterReport>>;

/** Something that a plugin did or was refused. */
export const auditReport = z.object({
  id: z.number(),
  atMs: z.number(),
  plugin: z.string(),
  account: z.string().nullable(),
  call: z.string().describe("As `telegram.send`, `http.request GET`, or `plugin.running`"),
  target: z.string().nullable().describe("The chat, host, or path that it was about"),
  verdict: z.string().describe("`allowed`, `denied`, `failed`, or `limited`"),
  permission: z.string().nullable().describe("The permission that was lacking"),
  code: z.string().nullable().describe("Of the error that it ended with"),
  durationMs: z.number().nullable(),
  eventId: z.string().nullable().describe("The event in whose handler it was done"),
  count: z.number().describe("How many of the same it stands for"),
});
export type AuditReport = Readonly<z.infer<typeof auditReport>>;

/** Which entries of the record are wanted. */
export const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  beforeId: z.coerce.number().int().min(1).optional().describe("Only entries with a smaller id"),
  plugin: z.string().max(64).optional(),
  account: z.string().max(32).optional(),
  verdict: z.enum(["allowed", "denied", "failed", "limited"]).optional(),
});
export type AuditQuery = Readonly<z.infer<typeof auditQuery>>;

export const errorReport = z.object({
  key: z.string(),
  count: z.number(),
  firstSeenAtMs: z.number(),
  lastSeenAtMs: z.number(),
  samples: z
    .array(
      z.object({
        atMs: z.number(),
        message: z.string(),
        fields: z.record(z.string(), z.unknown()),
        traceId: z.string().nullable(),
      }),
    )
    .readonly(),
});

const spanAttributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const traceReport = z.object({
  traceId: z.string(),
  startedAtMs: z.number(),
  durationMs: z.number(),
  droppedSpans: z.number(),
  spans: z
    .array(
      z.object({
        spanId: z.string(),
        parentSpanId: z.string().nullable(),
        name: z.string(),
        startedAtMs: z.number(),
        durationMs: z.number(),
        error: z.string().nullable(),
        attributes: spanAttributes,
        events: z
          .array(z.object({ name: z.string(), atMs: z.number(), attributes: spanAttributes }))
          .readonly()
          .describe("What happened while it ran, such as a change of an account's state"),
      }),
    )
    .readonly(),
});

export const errorAnswer = z.object({
  error: z.object({
    code: z.string().describe("ADMIN_NOT_FOUND and the like; stable"),
    message: z.string(),
    requestId: z.string().describe("Stands in the log line and in the span of the request"),
  }),
});
export type ErrorAnswer = Readonly<z.infer<typeof errorAnswer>>;
