import { z } from "zod";
import { http } from "./http-schema.ts";
import { thresholds } from "./thresholds.ts";

/** The scopes of the contract that name no raw method, repeated since this room imports nothing; a test compares them. */
export const telegramScopes = [
  "messages:read",
  "messages:send",
  "messages:edit",
  "messages:delete",
  "messages:react",
  "chats:read",
  "chats:mark-read",
  "members:read",
  "members:invite",
  "invites:manage",
  "contacts:read",
  "media:download",
  "media:upload",
] as const;

const accountName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, {
  error: "must be lower-case letters, digits, - and _, at most 32",
});
const pluginName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, {
  error: "must be lower-case letters, digits, - and _, at most 64",
});
const text = z.string().min(1);
const port = z.int().min(0).max(65_535);

const dataCentre = z
  .strictObject({
    id: z.int().min(1).max(1000).describe("Telegram's number of the data centre"),
    host: text.describe("Host name or IP address"),
    port: port.min(1),
  })
  .describe("Where one data centre listens");

const telegram = z.strictObject({
  apiId: z.int().min(1).describe("The api_id of your application, from my.telegram.org"),
  apiHash: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/, { error: "must be 32 hexadecimal digits (put them in quotes)" })
    .describe("The api_hash of your application, from my.telegram.org; best left in the environment"),
  server: z
    .strictObject({
      dataCentres: z
        .array(dataCentre)
        .min(1)
        .describe("Where it listens; several addresses with one id are tried in turn"),
      publicKeys: z
        .array(
          z.string().startsWith("-----BEGIN RSA PUBLIC KEY-----", {
            error: "must be a PEM block of an RSA public key",
          }),
        )
        .min(1)
        .describe("RSA public keys of that server, PEM (PKCS#1)"),
    })
    .optional()
    .describe("Another Telegram server, such as the emulator; without it the real one"),
});

const storage = z
  .strictObject({
    path: text.default(".telegraphist/telegraphist.sqlite").describe("The database, relative to this file"),
    keyFile: text
      .default(".telegraphist/key")
      .describe(
        "The key that seals sessions, made on first use, relative to this file; TELEGRAPHIST_KEY goes before it",
      ),
    lease: z
      .strictObject({
        durationMs: z
          .int()
          .min(1_000)
          .max(3_600_000)
          .default(45_000)
          .describe(
            "How long the database and its sessions stay with a program that stands still; renewed five times in it",
          ),
        waitMs: z
          .int()
          .min(0)
          .max(3_600_000)
          .default(0)
          .describe("How long a start waits for another program that has the database or a session"),
      })
      .prefault({})
      .describe("The right of one program to use a session"),
  })
  .prefault({});

const account = z
  .strictObject({
    phone: z
      // YAML reads +491234 without quotes as a number.
      .preprocess((value) => (typeof value === "number" ? `+${value}` : value), z.string())
      .refine((phone) => /^\+?[0-9]{7,15}$/.test(phone), {
        error: "must be a phone number in international form",
      })
      .meta({
        type: ["string", "integer"],
        description: "International form; asked for at login when it is not here",
      })
      .optional(),
    device: z
      .strictObject({ model: text.optional(), systemVersion: text.optional(), appVersion: text.optional() })
      .describe("How the account shows in Telegram's list of devices")
      .prefault({}),
    rotation: z
      .strictObject({
        enabled: z.boolean().default(true).describe("Whether the program does it by itself"),
        afterMs: z
          .int()
          .min(3_600_000)
          .default(thresholds.sessions.rotateAfterMs)
          .describe("Age of the session at which it is done"),
      })
      .prefault({})
      .describe("Renewing the session with a new key, without a login by hand"),
  })
  .describe("One Telegram account");

const telegramScope = z.union([z.enum(telegramScopes), z.templateLiteral(["raw:", z.string().min(1)])]);
const texts = z.array(text);

const permissions = z.strictObject({
  telegram: z
    .array(telegramScope)
    .optional()
    .describe("What it may do with the account, such as messages:send"),
  chats: texts.optional().describe("Chats it sees and acts in: ids, @usernames, chat kinds, or *"),
  net: texts
    .optional()
    .describe("Hosts: example.com, *.example.com, example.com:8443, or *; GET example.com"),
  read: texts.optional().describe("Files and folders it may read, relative to this file"),
  write: texts.optional().describe("Files and folders it may write, relative to this file"),
  env: texts.optional().describe("Names of environment variables"),
  run: texts.optional().describe("Programs"),
  sys: texts.optional().describe("Facts about the machine"),
});

const plugin = z
  .strictObject({
    use: text
      .optional()
      .describe(
        "A bundled plugin, a ./path, an npm package, or an https:// address; the key itself when it is not here",
      ),
    enabled: z.boolean().default(true),
    accounts: z
      .array(accountName)
      .min(1)
      .optional()
      .describe("Accounts it works for; all when it is not here"),
    allow: permissions.prefault({}).describe("What it may do; nothing else"),
    deny: permissions.prefault({}).describe("What it may not do, whatever is allowed"),
    isolation: z
      .enum(["process", "inline"])
      .default("process")
      .describe("A process of its own that the kernel holds, or the program's own"),
    trusted: z
      .boolean()
      .default(false)
      .describe("Whether it may run where nothing holds it: inline, or on a system that cannot"),
    config: z.unknown().optional().describe("The plugin's own settings, checked by its own schema"),
  })
  .refine(({ isolation, trusted }) => isolation !== "inline" || trusted, {
    path: ["isolation"],
    error: "must be process, as inline puts the session in the plugin's reach, unless trusted is true",
  })
  .describe("One plugin");

const sandbox = z
  .strictObject({
    whenUnavailable: z
      .enum(["refuse", "run plugins without any protection"])
      .default("refuse")
      .describe("What becomes of plugins that are not trusted where the system cannot hold them"),
  })
  .prefault({});

const admin = z
  .strictObject({
    enabled: z.boolean().default(true),
    host: text
      .default("127.0.0.1")
      .describe("Address to listen on; anything but loopback opens it to others"),
    port: port.default(7330).describe("0 takes any free port"),
    tokenFile: text
      .default(".telegraphist/admin-token")
      .describe("The bearer token, made on first start, relative to this file"),
  })
  .prefault({});

const telemetry = z
  .strictObject({
    serviceName: text.default("telegraphist"),
    traces: z.boolean().default(true),
    metrics: z.boolean().default(true),
    otlpEndpoint: z
      .url({ protocol: /^https?$/, error: "must be an http or https address" })
      .optional()
      .describe("OTLP over HTTP, such as http://127.0.0.1:4318; else OTEL_EXPORTER_OTLP_ENDPOINT"),
    log: z
      .strictObject({
        level: z.enum(["debug", "info", "warn", "error"]).default("info"),
        format: z.enum(["auto", "pretty", "json"]).default("auto").describe("auto: pretty on a terminal"),
      })
      .prefault({}),
  })
  .prefault({});

const limits = z
  .strictObject({
    accounts: z
      .strictObject({
        max: z.int().min(1).max(10_000).default(256).describe("Accounts of one program"),
        fileConnections: z
          .int()
          .min(1)
          .max(10_000)
          .default(64)
          .describe("Connections for files that all accounts have together; the idlest makes room"),
        idleMs: z
          .int()
          .min(1_000)
          .default(thresholds.pools.accounts.idleEvictionMs)
          .describe("How long such a connection stays that nobody uses"),
      })
      .prefault({})
      .describe("Bounds on what accounts take"),
    queueSize: z.int().min(1).max(100_000).default(1000).describe("Events that wait for one subscription"),
    handlerTimeoutMs: z.int().min(100).max(3_600_000).default(60_000).describe("Time for one handler"),
    setupTimeoutMs: z.int().min(100).max(600_000).default(30_000).describe("Time for a plugin to start"),
    stopTimeoutMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(4_000)
      .describe("Time for a plugin to stop; the whole program takes 10 s at most"),
    plugin: z
      .strictObject({
        callsPerSecond: z.int().min(1).max(100_000).default(200).describe("Calls in the long run"),
        burst: z.int().min(1).max(1_000_000).default(5000).describe("Calls at once after a time of rest"),
        concurrentCalls: z.int().min(1).max(100_000).default(2000).describe("Calls that are under way"),
        memoryBytes: z
          .int()
          .min(67_108_864)
          .default(536_870_912)
          .describe("Memory of its process past which it is ended and started again"),
        silenceMs: z
          .int()
          .min(1_000)
          .max(600_000)
          .default(15_000)
          .describe("Time in which its process must answer that it is there; else it is ended too"),
      })
      .prefault({})
      .describe("What one plugin may call; more is refused, and may be tried again"),
  })
  .prefault({});

const journal = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe(
        "Keeps every event on disk until all plugins have handled it; without it a kill loses events",
      ),
    keepMs: z
      .int()
      .min(60_000)
      .default(86_400_000)
      .describe("How long events are kept that every plugin has handled, so that a repetition is known"),
    maxAgeMs: z
      .int()
      .min(3_600_000)
      .default(2_592_000_000)
      .describe("How long events are kept in any case, and how long a send is known again"),
    maxAttempts: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe("How often a plugin is given an event that it fails at, before that becomes a dead letter"),
  })
  .prefault({});

const reload = z
  .strictObject({
    watch: z
      .boolean()
      .default(false)
      .describe("Whether changes of this file and of plugins' files are taken up by themselves"),
    drainMs: z
      .int()
      .min(0)
      .max(600_000)
      .default(10_000)
      .describe("Time for what a plugin is doing to end before its new code takes over"),
  })
  .prefault({});

const audit = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether what plugins do is put on record"),
    maxEntries: z.int().min(100).max(100_000_000).default(100_000).describe("Entries in the database"),
    maxAgeMs: z.int().min(60_000).default(2_592_000_000).describe("How long they stay there"),
    maxFileBytes: z
      .int()
      .min(10_000)
      .max(1_000_000_000)
      .default(10_000_000)
      .describe("Size of audit.jsonl beside the database; three older ones are kept"),
  })
  .prefault({});

/** What `telegraphist.yaml` may hold. Unknown keys are refused everywhere but in a plugin's own `config`. */
export const configSchema = z.strictObject({
  version: z.literal(1).describe("The form of this file"),
  telegram: telegram.describe("Your application at Telegram"),
  storage: storage.describe("What outlives the process"),
  accounts: z
    .record(accountName, account)
    .refine((accounts) => Object.keys(accounts).length > 0, { error: "must name one account at least" })
    .describe("Your accounts, by a name of your choice"),
  plugins: z.record(pluginName, plugin).default({}).describe("The plugins to run, by a name of your choice"),
  admin: admin.describe("Health, API, metrics, and dashboard"),
  telemetry: telemetry.describe("Logs, traces, and metrics"),
  sandbox: sandbox.describe("How plugins are held"),
  journal: journal.describe("What is kept of events until plugins have handled them"),
  reload: reload.describe("How a running program takes up what changes"),
  limits: limits.describe("Bounds on what plugins take"),
  audit: audit.describe("What is kept of what plugins did and were refused"),
  http: http.describe("What goes with the requests of plugins"),
});

/** A configuration that was checked, its defaults filled in. */
export type TelegraphistConfig = z.output<typeof configSchema>;
