import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "../../runtime/app/index.ts";
import { loadOrCreateKey, openStorage } from "../../runtime/storage/index.ts";
import { createVault } from "../../runtime/vault/index.ts";
import { spanNames } from "../../telemetry/index.ts";
import { startTelemetry } from "../../telemetry/sdk/index.ts";
import { accountOf, me, reached } from "./account-states.ts";
import { createInstallation, type Installation, ownerPassword, ownerPhone } from "./installation.ts";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "./otlp-receiver.ts";
import { ask } from "./pages.ts";
import { pluginText } from "./plugin-text.ts";

// The story is told before the tests, and has several keys agreed on.
setDefaultTimeout(60_000);

/** Texts that people write, which have no look of a secret that redaction could go by. */
const written = {
  question: "zebrafish at the quay",
  answer: "walnut harmonica",
  edited: "turnip orchestra",
  caption: "velvet submarine",
  thrown: "marmalade theorem",
  firstName: "Quasimodine",
  wrongPassword: "gooseberry turbine",
} as const;

/** Answers; fails at every text that has "fail" in it, quoting what was written as a careless plugin would. */
const careless = pluginText(
  "careless",
  `setup({ on, telegram, log }) {
    on("message.received", async (event) => {
      log.info("A message came", { text: event.text, phone: "${ownerPhone}" });
      if (event.text.includes("fail")) throw new Error("cannot read " + event.text);
      await telegram.reply({ chatId: event.chat.id, messageId: event.messageId }, "${written.answer}");
    });
  },`,
  `{ telegram: ["messages:read", "messages:send"], chats: ["*"] }`,
);

let installation: Installation;
let receiver: OtlpReceiver;
const logLines: string[] = [];
const answers: string[] = [];
const loginCodes: string[] = [];
/** Every auth key that the account has had, of its session or beside it. */
const authKeys: Uint8Array[] = [];
let token = "";
let filesAtWork: ReadonlyMap<string, string> = new Map();
let spans: readonly ReceivedSpan[] = [];

beforeAll(async () => {
  const protocol = process.env.OTEL_EXPORTER_OTLP_PROTOCOL;
  process.env.OTEL_EXPORTER_OTLP_PROTOCOL = "http/json";
  try {
    receiver = startOtlpReceiver();
    installation = await createInstallation({
      admin: { port: 0 },
      journal: { maxAttempts: 1 },
      plugins: {
        careless: {
          use: "./careless.ts",
          allow: { telegram: ["messages:read", "messages:send"], chats: ["*"] },
        },
      },
    });
    await installation.write("careless.ts", careless);
    await playStory();
    spans = receiver.spans();
  } finally {
    if (protocol === undefined) delete process.env.OTEL_EXPORTER_OTLP_PROTOCOL;
    else process.env.OTEL_EXPORTER_OTLP_PROTOCOL = protocol;
  }
});

afterAll(async () => {
  await installation[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

/**
 * Logs in with a wrong password first, is written to, answers, fails, waits, renews its session, loses its connection, and
 * shows its pages.
 */
async function playStory(): Promise<void> {
  const { emulator, owner } = installation;
  const { world } = emulator;
  const write = (line: string) => void logLines.push(line);
  await using first = await installation.open({ level: "debug", writeLog: write });
  const telemetry = await startTelemetry({
    serviceName: "secrets",
    version: "0.0.0",
    traces: true,
    metrics: true,
    otlpEndpoint: receiver.endpoint,
    logger: first.logger,
  });
  await first.app.login("me", {
    phone: async () => ownerPhone,
    code: async () => {
      loginCodes.push(world.loginCode(ownerPhone) ?? "");
      return loginCodes.at(-1) ?? "";
    },
    password: async ({ attempt }) => (attempt === 1 ? written.wrongPassword : ownerPassword),
  });
  await first.app.stop();

  await using opened = await installation.open({ level: "debug", writeLog: write, telemetry });
  const { app } = opened;
  await app.start();
  token = app.admin?.token ?? "";
  const ada = world.createUser({ firstName: written.firstName, phone: "+9996619555" });
  const { telegram } = accountOf(app);
  const next = nextOf(app);

  world.faults.floodWait({ userId: owner.id, method: "messages.sendMessage", seconds: 1 });
  const sent = next("message.sent");
  const { id } = world.sendMessage({ fromId: ada.id, chatId: owner.id, text: written.question });
  await sent;
  const edited = next("message.edited");
  world.editMessage({ userId: ada.id, chatId: owner.id, messageId: id, text: written.edited });
  await edited;
  const captioned = next("message.received");
  const media = { kind: "photo", bytes: new Uint8Array(64).fill(7), width: 8, height: 8 } as const;
  world.sendMessage({ fromId: ada.id, chatId: owner.id, text: written.caption, media });
  await captioned;
  const failed = next("plugin.failed");
  world.sendMessage({ fromId: ada.id, chatId: owner.id, text: `fail ${written.thrown}` });
  await failed;
  await telegram.search(written.question);
  await expect(telegram.send("@nobody_of_that_name", written.question)).rejects.toMatchObject({
    code: "PEER_NOT_FOUND",
  });
  await renewSession(app);
  world.faults.dropConnections(owner.id);
  await reached(app, "offline");
  await reached(app, "online");
  await app.bus.drain();
  await readPages(app);
  filesAtWork = await databaseFiles("at work");
  await app.stop();
  await telemetry.stop();
}

/** By a password that is wrong, by the right one, and so that the session of before stays beside the next. */
async function renewSession({ sessions }: App): Promise<void> {
  const { faults } = installation.emulator.world;
  await noteAuthKeys();
  await sessions.keepPassword(me, written.wrongPassword);
  await expect(sessions.rotate(me)).rejects.toMatchObject({ code: "ROTATION_PASSWORD_REFUSED" });
  await sessions.keepPassword(me, ownerPassword);
  await sessions.rotate(me);
  await noteAuthKeys();
  faults.rpcError({ method: "auth.logOut", times: 1000, errorCode: 400, errorMessage: "NOT_NOW" });
  await sessions.rotate(me);
  await noteAuthKeys();
}

async function openVault() {
  const { keyPath: path } = installation;
  const keys = await loadOrCreateKey({ env: {}, path, hasSealedRows: async () => true });
  return { keys, vault: createVault(keys) };
}

async function noteAuthKeys(): Promise<void> {
  const { vault } = await openVault();
  await using storage = await openStorage({ path: installation.databasePath, vault });
  const session = await storage.sessions.load(me);
  authKeys.push(...(session?.authKeys.values() ?? []), ...(await storage.spareKeys.load(me)).values());
}

function nextOf({ bus }: App) {
  return (name: Parameters<typeof bus.subscribe>[0]) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const dispose = bus.subscribe(name, undefined, () => resolve(), { owner: `test:${crypto.randomUUID()}` });
    return promise.finally(dispose);
  };
}

async function readPages(app: App): Promise<void> {
  const names = ["accounts", "plugins", "events/recent", "errors", "traces"];
  for (const path of ["/health", "/metrics", "/traces", "/", ...names.map((name) => `/api/${name}`)]) {
    const response = await ask(app, path);
    expect({ path, status: response.status }).toEqual({ path, status: 200 });
    answers.push(await response.text());
  }
  // Refusals are answers too.
  const refusals = await Promise.all([fetch(`${app.admin?.url}/api/accounts`), ask(app, "/api/nothing")]);
  for (const response of refusals) answers.push(await response.text());
}

/** Bytes in each way of writing them down. */
function formsOf(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  return [
    buffer.toString("latin1"),
    buffer.toString("hex"),
    buffer.toString("base64"),
    buffer.toString("base64url"),
  ];
}

/** All that must not be found, by a name that a failing test may show. */
async function secrets(): Promise<ReadonlyMap<string, readonly string[]>> {
  const key = await Bun.file(installation.keyPath).text();
  const { keys } = await openVault();
  return new Map<string, readonly string[]>([
    ["the owner's phone", [ownerPhone.slice(1)]],
    ["another's phone", ["9996619555"]],
    ["the password", [ownerPassword]],
    ["the wrong password", [written.wrongPassword]],
    ["the vault's key", [key.trim(), ...keys.keys.flatMap(({ key: bytes }) => formsOf(bytes))]],
    ["an auth key", authKeys.flatMap(formsOf)],
    ["the API's hash", ["0".repeat(32)]],
  ]);
}

/** Names of those secrets that the text holds; a login code counts only where it stands alone, not within an id. */
function found(text: string, hidden: ReadonlyMap<string, readonly string[]>): string[] {
  const names = [...hidden].filter(([, forms]) => forms.some((form) => text.includes(form)));
  const codes = loginCodes.filter((code) => new RegExp(`(?<![0-9.])${code}(?![0-9])`).test(text));
  return [...names.map(([name]) => name), ...codes.map(() => "a login code")];
}

const contents = new Map(Object.entries(written).map(([name, text]) => [name, [text]]));

describe("what leaves the program", () => {
  test.each([
    ["traces", () => receiver.bodies.traces],
    ["metrics", () => receiver.bodies.metrics],
    ["the log at its most talkative", () => logLines],
    ["the answers of the API", () => answers],
  ])("holds no secret and nothing that people wrote: %s", async (_, bodies) => {
    const text = bodies().join("\n");
    expect(text.length).toBeGreaterThan(1000);
    const hidden = new Map([...(await secrets()), ["the API's token", [token]]]);
    expect([...hidden.values()].flat().filter((form) => form.length < 8)).toEqual([]);
    expect(loginCodes).toHaveLength(1);
    expect(found(text, new Map([...hidden, ...contents]))).toEqual([]);
  });

  test("holds the way of an update to the plugin, and through the flood wait back to Telegram, as one trace", () => {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const pathTo = (span: ReceivedSpan): readonly ReceivedSpan[] => {
      const parent = byId.get(span.parentSpanId ?? "");
      return [...(parent === undefined ? [] : pathTo(parent)), span];
    };
    const paths = spans.filter(({ name }) => name === spanNames.floodWait).map(pathTo);
    const ofPlugin = paths.filter((path) => path.some(({ name }) => name === spanNames.handle));
    expect(ofPlugin).not.toEqual([]);
    for (const path of ofPlugin) {
      expect(path.map(({ name }) => name).filter((name) => chain.includes(name))).toEqual([...chain]);
      expect(new Set(path.map(({ traceId }) => traceId)).size).toBe(1);
    }
  });

  test("holds the renewals of the session, whose keys were three", () => {
    expect(new Set(authKeys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(3);
    const renewals = spans.filter(({ name }) => name === spanNames.rotate);
    expect(renewals).toHaveLength(3);
    expect(receiver.bodies.metrics.join("\n")).toContain('"telegraphist.session.rotations"');
    const log = logLines.join("");
    expect(log.split("The session was renewed")).toHaveLength(3);
    expect(log).toContain("A session beside the account's own could not be ended yet");
  });

  test("holds the metrics of updates, calls, and flood waits", () => {
    const text = receiver.bodies.metrics.join("\n");
    for (const name of ["telegraphist.updates", "telegraphist.rpc.latency", "telegraphist.flood.seconds"]) {
      expect(text).toContain(`"${name}"`);
    }
  });

  test("tells what went wrong by its code alone", () => {
    const log = logLines.join("");
    expect(log).toContain("PLUGIN_HANDLER_FAILED");
    expect(log).toContain("A message came");
    expect(log).toContain("[redacted]");
  });
});

describe("what stays on the disk", () => {
  test("holds no auth key, phone number, password, or code in the clear, at work and at rest", async () => {
    const hidden = new Map(await secrets());
    hidden.delete("the API's hash");
    const files = new Map([...filesAtWork, ...(await databaseFiles("at rest"))]);
    expect([...files.keys()]).toContain("at work: telegraphist.sqlite-wal");
    expect([...files.keys()]).toContain("at rest: telegraphist.sqlite");
    expect([...files.keys()]).toContain("at rest: audit.jsonl");
    for (const [name, text] of files)
      expect({ name, found: found(text, hidden) }).toEqual({ name, found: [] });
  });
});

/** The database with what SQLite and the program keep beside it, by name; each byte is a character. */
async function databaseFiles(when: string): Promise<ReadonlyMap<string, string>> {
  const { folder } = installation;
  const names = (await readdir(folder)).filter((name) => /^(telegraphist\.sqlite|audit\.)/.test(name));
  const texts = names.map(async (name) => {
    const bytes = await Bun.file(join(folder, name)).bytes();
    return [`${when}: ${name}`, Buffer.from(bytes).toString("latin1")] as const;
  });
  return new Map(await Promise.all(texts));
}

const chain: readonly string[] = [
  spanNames.update,
  spanNames.handle,
  spanNames.call,
  spanNames.rpc,
  spanNames.floodWait,
];
