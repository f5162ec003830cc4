import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, symlink } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, type AuditRow, readAudit } from "../../runtime/app/index.ts";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { readKernelLevel } from "../../runtime/sandbox/index.ts";
import { loadOrCreateKey, openStorage } from "../../runtime/storage/index.ts";
import { createVault } from "../../runtime/vault/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { reached } from "../e2e/account-states.ts";
import { createInstallation, type Installation } from "../e2e/installation.ts";
import { freePort } from "../support/free-port.ts";
import { type HostilePlugin, hostilePlugins } from "./expected.ts";

// Some do their best to slow the machine down, and end only at their deadline.
setDefaultTimeout(180_000);

const folder = join(import.meta.dirname, "plugins");
const secretVariable = "HOSTILE_TEST_KEY";
/** Plugins that are started at once, beside those that never end starting. */
const lanes = 6;

const { canHold, label } = await readKernelLevel();
if (!canHold) process.stderr.write(`Hostile plugins are left out: the kernel offers "${label}"\n`);

const adminPort = await freePort();
const redirects = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: () => Response.redirect("http://169.254.169.254/latest/meta-data/", 302),
});
const listeningPath = join(tmpdir(), `telegraphist-hostile-${process.pid}`);
const abstractPath = `\0${listeningPath}`;
const listeningPort = await freePort();
const plugins = hostilePlugins({
  adminUrl: `http://127.0.0.1:${adminPort}`,
  redirectUrl: redirects.url,
  listeningPort,
  listeningPath,
  abstractPath,
  secretVariable,
});

/** What was left when the program had stopped. */
interface Aftermath {
  readonly sent: readonly string[];
  readonly seen: unknown;
  readonly restartsOfHonest: number | undefined;
  /** What each found out, by its name; most have no entry. */
  readonly loot: ReadonlyMap<string, unknown>;
  readonly table: readonly AuditRow[];
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

describe.if(canHold)("beside an honest plugin", () => {
  let installation: Installation;
  let aftermath: Aftermath;
  let listeners: readonly Server[];
  let connections = 0;

  beforeAll(async () => {
    process.env[secretVariable] = "secret";
    listeners = await Promise.all(
      [listeningPort, listeningPath, abstractPath].map((at) => listen(at, () => connections++)),
    );
    installation = await createInstallation({
      admin: { port: adminPort, tokenFile: "admin-token" },
      limits: {
        setupTimeoutMs: 10_000,
        stopTimeoutMs: 500,
        plugin: { silenceMs: 5_000, memoryBytes: 300 * 1024 ** 2, callsPerSecond: 50, burst: 50 },
      },
    });
    aftermath = await playOut(installation);
    for (const listener of listeners) listener.close();
  });

  afterAll(async () => {
    delete process.env[secretVariable];
    await redirects.stop(true);
    await installation[Symbol.asyncDispose]();
  });

  test.each(plugins.map(({ name }) => [name]))("%s finds out nothing", (name) => {
    expect(aftermath.loot.get(name)).toBeUndefined();
  });

  test.each(plugins.map(({ name, recorded }) => [name, recorded] as const))(
    "what %s did is on record",
    (name, recorded) => {
      const [rows, lines] = [aftermath.table, aftermath.lines].map((entries) =>
        entries.filter(({ plugin }) => plugin === name),
      );
      expect(rows).toContainEqual(expect.objectContaining(recorded));
      expect(lines).toContainEqual(expect.objectContaining(recorded));
    },
  );

  test("the same attempt succeeds where nothing holds it", () => {
    expect(aftermath.loot.get("unheld")).toContain("root:");
  });

  test("the honest plugin has every message, each once and in order", () => {
    expect(aftermath.seen).toEqual(aftermath.sent);
    expect(aftermath.restartsOfHonest).toBe(0);
  });

  test("nobody connects to what listens on the machine", () => {
    expect(connections).toBe(0);
  });

  test("nothing of the host is changed", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect("polluted" in {}).toBe(false);
    expect(existsSync("/tmp/telegraphist-hostile")).toBe(false);
    expect(existsSync(join(installation.folder, "hostile"))).toBe(false);
  });
});

async function playOut(installation: Installation): Promise<Aftermath> {
  const { emulator, owner, configPath } = installation;
  const { world } = emulator;
  const ada = world.createUser({ firstName: "Ada" });
  const telegram = world.createServiceUser();
  const changes = JSON.parse(await readFile(configPath, "utf8"));
  await installation.configure({ ...changes, plugins: entriesFor(ada.id) });
  await installation.logIn();
  await layOut(installation);
  world.sendMessage({ fromId: telegram.id, chatId: owner.id, text: "Login code: 12345" });

  const honest = watchHonest();
  const sent: string[] = [];
  const write = () => {
    sent.push(`message ${sent.length + 1}`);
    world.sendMessage({ fromId: ada.id, chatId: owner.id, text: sent.at(-1) ?? "" });
  };
  const opened = await installation.open({ writeLog: honest.read });
  const { app } = opened;
  try {
    const ended = endsOf(app);
    await app.start();
    await reached(app, "online");
    const writer = setInterval(write, 25);
    await startAll(app);
    world.sendMessage({ fromId: telegram.id, chatId: owner.id, text: "Login code: 54321" });
    await ended;
    clearInterval(writer);
    write();
    await honest.hasSeen(sent.length);
    const restartsOfHonest = app.host.list().find(({ name }) => name === "honest")?.restarts;
    await app.stop();
    return { sent, restartsOfHonest, ...(await inspect(installation)) };
  } finally {
    await app.stop();
  }
}

async function listen(at: string | number, onConnection: () => void): Promise<Server> {
  const server = createServer((socket) => {
    onConnection();
    socket.end();
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  if (typeof at === "number") server.listen(at, "127.0.0.1", resolve);
  else server.listen(at, resolve);
  await promise;
  return server;
}

/** Hostile ones are started when the honest one runs. */
function entriesFor(adaId: string): Readonly<Record<string, unknown>> {
  const hostile = plugins.map(({ name, file = name, config = {}, allow = {} }) => {
    const use = name === "read-secrets" ? `./${name}.ts` : join(folder, `${file}.ts`);
    return [name, { use, config, allow, enabled: false }];
  });
  return {
    honest: { use: join(folder, "honest.ts"), allow: { telegram: ["messages:read"], chats: [adaId] } },
    unheld: { use: join(folder, "read-passwd.ts"), isolation: "inline", trusted: true },
    ...Object.fromEntries(hostile),
  };
}

/** What plugins find in the folder of the configuration. */
async function layOut({ folder: home }: Installation): Promise<void> {
  await copyFile(join(folder, "read-secrets.ts"), join(home, "read-secrets.ts"));
  await mkdir(join(home, "shared"));
  await symlink(join(home, "key"), join(home, "shared", "link"));
}

/** Reads from the log how far the honest plugin is. */
function watchHonest() {
  let count = 0;
  let wanted = Number.POSITIVE_INFINITY;
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => count >= wanted && resolve();
  return {
    read(line: string): void {
      const entry = JSON.parse(line);
      if (entry.plugin === "honest" && typeof entry.count === "number") count = entry.count;
      look();
    },
    hasSeen(all: number): Promise<void> {
      wanted = all;
      look();
      return promise;
    },
  };
}

/** Resolves when each has failed that is to fail. */
function endsOf({ bus }: App): Promise<void> {
  const missing = new Set(
    plugins.filter(({ recorded }) => recorded.call === "plugin.failed").map(({ name }) => name),
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  const dispose = bus.subscribe(
    "plugin.failed",
    undefined,
    ({ plugin }) => {
      missing.delete(plugin);
      if (missing.size === 0) resolve();
    },
    { owner: "test" },
  );
  return promise.finally(dispose);
}

async function startAll({ host }: App): Promise<void> {
  const start = ({ name }: HostilePlugin) => host.enable(parsePluginName(name));
  const isEndless = ({ recorded, name }: HostilePlugin) =>
    recorded.code === "PLUGIN_SETUP_TIMEOUT" || name === "flood-host";
  const endless = plugins.filter(isEndless).map(start);
  const waiting = plugins.filter((plugin) => !isEndless(plugin));
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await start(next);
  };
  await Promise.all([...endless, ...Array.from({ length: lanes }, lane)]);
}

async function inspect({ folder: home, databasePath, keyPath }: Installation) {
  const place = {
    config: { storage: { path: databasePath, keyFile: keyPath } },
    baseFolder: home,
    env: {},
  };
  const logger = createLogger({ level: "error", format: "json", write: () => {} });
  const table = await readAudit(place, { limit: 10_000 }, { logger, now: Date.now });
  const file = await readFile(join(home, "audit.jsonl"), "utf8");
  const keys = await loadOrCreateKey({ env: {}, path: keyPath, hasSealedRows: async () => true });
  await using storage = await openStorage({ path: databasePath, vault: createVault(keys) });
  const read = (name: string, key: string) => storage.pluginStore.get(parsePluginName(name), key);
  const names = ["unheld", ...plugins.map(({ name }) => name)];
  const loot = await Promise.all(names.map(async (name) => [name, await read(name, "loot")] as const));
  return {
    seen: await read("honest", "seen"),
    loot: new Map(loot),
    table,
    lines: file
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  };
}
