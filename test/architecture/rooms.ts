/** A room of the house: a folder, or a single file, with what it may import. */
export interface Room {
  readonly path: string;
  /** Imports go to a lower level only. */
  readonly level: number;
  /** Rooms that it may import, by path; `*` stands for every room below. */
  readonly imports: readonly string[];
  readonly about: string;
}

/** The table of rooms; `docs/architecture.md` is drawn from it and a test holds the code to it. */
export const ROOMS: readonly Room[] = [
  {
    path: "runtime/main.ts",
    level: 7,
    imports: ["runtime/cli"],
    about: "the executable: hands the arguments to the command line",
  },
  {
    path: "runtime/cli",
    level: 6,
    imports: [
      "runtime/app",
      "runtime/emulator",
      "runtime/testkit",
      "runtime/contract",
      "config",
      "telemetry",
      "telemetry/sdk",
    ],
    about: "commands, and what a person sees on the terminal",
  },
  {
    path: "runtime/testkit",
    level: 5.5,
    imports: ["runtime/contract", "runtime/scope", "runtime/emulator", "runtime/app", "config", "telemetry"],
    about: "what a plugin author tests with; published as `telegraphist/testing`",
  },
  {
    path: "runtime/app",
    level: 5,
    imports: ["*"],
    about: "the one place that knows all rooms and fits their ports together",
  },
  {
    path: "runtime/telegram",
    level: 4,
    imports: ["runtime/contract", "runtime/scope", "runtime/storage", "telemetry"],
    about:
      "accounts: clients, login, updates made into events, calls made into requests, transfers, flood waits",
  },
  {
    path: "runtime/host",
    level: 4,
    imports: [
      "runtime/contract",
      "runtime/scope",
      "runtime/bus",
      "runtime/permissions",
      "runtime/sandbox",
      "runtime/wire",
      "runtime/guest",
      "telemetry",
    ],
    about: "finds, checks, starts, and stops plugins; the broker between them and the ports",
  },
  {
    path: "runtime/admin",
    level: 4,
    imports: ["runtime/contract", "telemetry"],
    about: "health, API, metrics, and traces over HTTP, through a port that it defines",
  },
  {
    path: "runtime/journal",
    level: 3.5,
    imports: ["runtime/contract", "runtime/bus", "telemetry"],
    about: "holds what was received until every plugin has handled it, and hands it out in order",
  },
  {
    path: "runtime/storage",
    level: 3,
    imports: ["runtime/contract", "runtime/vault", "telemetry"],
    about: "tables, migrations, repositories",
  },
  {
    path: "runtime/bus",
    level: 3,
    imports: ["runtime/contract", "runtime/scope", "telemetry"],
    about: "typed dispatch: order per chat, isolation, back-pressure",
  },
  {
    path: "runtime/guest",
    level: 3,
    imports: ["runtime/contract", "runtime/scope", "runtime/wire"],
    about: "runs inside a plugin's process: loads the plugin, and makes its ports of calls to the host",
  },
  {
    path: "runtime/emulator",
    level: 3,
    imports: [],
    about: "a local Telegram that speaks real MTProto, with an HTTP control",
  },
  {
    path: "runtime/vault",
    level: 2,
    imports: ["runtime/contract"],
    about: "seals and opens bytes",
  },
  {
    path: "runtime/scope",
    level: 2,
    imports: ["runtime/contract"],
    about: "ownership: labelled effects, disposal in reverse, deadlines",
  },
  {
    path: "runtime/permissions",
    level: 2,
    imports: ["runtime/contract"],
    about: "grants and a request make a verdict",
  },
  {
    path: "runtime/sandbox",
    level: 2,
    imports: ["runtime/contract"],
    about: "the kernel's part in holding a plugin",
  },
  {
    path: "runtime/wire",
    level: 2.5,
    imports: ["runtime/contract", "runtime/scope"],
    about: "frames, messages, and calls between the host and a plugin's process",
  },
  {
    path: "telemetry/sdk",
    level: 2,
    imports: ["telemetry"],
    about: "starts and flushes the exporters",
  },
  {
    path: "runtime/contract",
    level: 1,
    imports: [],
    about: "all that a plugin may see; published as `telegraphist`",
  },
  {
    path: "config",
    level: 1,
    imports: [],
    about: "schema, YAML with positions, defaults, thresholds",
  },
  {
    path: "telemetry",
    level: 1,
    imports: [],
    about: "names of spans and metrics, logger, redaction, error tracker",
  },
  {
    path: "plugins/autoresponder",
    level: 1.5,
    imports: ["runtime/contract"],
    about: "answers messages by rules",
  },
  {
    path: "plugins/channel-inviter",
    level: 1.5,
    imports: ["runtime/contract"],
    about: "invites people to a channel, within limits",
  },
  {
    path: "plugins/media-archiver",
    level: 1.5,
    imports: ["runtime/contract"],
    about: "keeps media of chats on disk",
  },
];

/** Which rooms a library is at home in; any other import of it is refused, as is a library that is not listed. */
export const HOMES: Readonly<Record<string, readonly string[]>> = {
  "@standard-schema/spec": ["runtime/contract"],
  zod: [
    "config",
    "runtime/admin",
    "plugins/autoresponder",
    "plugins/channel-inviter",
    "plugins/media-archiver",
  ],
  yaml: ["config"],
  "@opentelemetry": ["telemetry/sdk"],
  "@opentelemetry/api": ["telemetry", "telemetry/sdk"],
  pino: ["telemetry"],
  "pino-pretty": ["telemetry"],
  "drizzle-orm": ["runtime/storage"],
  "drizzle-kit": ["runtime/storage"],
  "bun:sqlite": ["runtime/storage", "plugins/media-archiver"],
  telegram: ["runtime/telegram", "runtime/emulator"],
  "big-integer": ["runtime/telegram"],
  "@mtcute/wasm": ["runtime/telegram"],
  "bun:ffi": ["runtime/sandbox"],
  croner: ["runtime/host"],
  "csv-parse": ["plugins/channel-inviter"],
  elysia: ["runtime/admin", "runtime/emulator"],
  "@elysiajs/openapi": ["runtime/admin", "runtime/emulator"],
  "swagger-ui-dist": ["runtime/admin", "runtime/emulator"],
  "@clack/prompts": ["runtime/cli"],
  uqr: ["runtime/cli"],
};

/** The room that a file lies in: the longest path that holds it. */
export function roomOf(file: string): Room | undefined {
  return ROOMS.filter((room) => file === room.path || file.startsWith(`${room.path}/`)).sort(
    (a, b) => b.path.length - a.path.length,
  )[0];
}
