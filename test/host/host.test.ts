import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createEventBus, type EventBus } from "../../runtime/bus/index.ts";
import { type PluginFailed, parsePluginName, TelegraphistError } from "../../runtime/contract/index.ts";
import {
  type AuditEntry,
  createHost,
  findPlugin,
  type Host,
  type HostLimits,
  type HostOptions,
  loadPlugin,
  type PluginEntry,
} from "../../runtime/host/index.ts";
import { createHandClock, type HandClock, Scope } from "../../runtime/scope/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { account, received } from "../support/sample-events.ts";
import { MemoryStore } from "./memory-store.ts";

const baseFolder = `${import.meta.dir}/plugins`;
const pluginFolder = await mkdtemp(join(tmpdir(), "telegraphist-plugins-"));
afterAll(() => rm(pluginFolder, { recursive: true }));
const probe = parsePluginName("probe");

interface Bench {
  readonly host: Host;
  readonly bus: EventBus;
  readonly clock: HandClock;
  readonly lines: string[];
  readonly failures: PluginFailed[];
  readonly record: AuditEntry[];
  trail(): Promise<unknown>;
  /** Resolves when the handlers that were due have ended, and the next of their schedules is set. */
  settle(): Promise<void>;
  /** The trail once it has so many steps. */
  trailOf(steps: number): Promise<unknown>;
}

function createBench(limits: HostLimits = {}, more: Partial<HostOptions> = {}): Bench {
  const lines: string[] = [];
  const record: AuditEntry[] = [];
  const failures: PluginFailed[] = [];
  const logger = createLogger({ write: (line) => void lines.push(line) });
  const bus = createEventBus({ logger });
  bus.subscribe("plugin.failed", undefined, (event) => void failures.push(event), { owner: "test" });
  const clock = createHandClock(Date.UTC(2026, 0, 1));
  const store = new MemoryStore();
  const accounts = {
    refs: () => [account],
    telegramOf: () => {
      throw new TelegraphistError({
        code: "TEST_NO_TELEGRAM",
        category: "INTERNAL",
        message: "Cannot reach Telegram here",
      });
    },
  };
  const host = createHost({
    ...{ bus, accounts, store, logger, clock, baseFolder, pluginFolder, limits },
    audit: { note: (entry) => void record.push(entry) },
    ...more,
  });
  const trail = () => store.get(probe, "trail");
  const trailOf = async (steps: number): Promise<unknown> => {
    for (;;) {
      const seen = await trail();
      if (Array.isArray(seen) && seen.length >= steps) return seen;
      await store.changed();
    }
  };
  const settle = async (): Promise<void> => {
    await setImmediate();
    await host.idle();
    await setImmediate();
  };
  return { host, bus, clock, lines, failures, record, trail, trailOf, settle };
}

function entryOf(changes: Partial<PluginEntry> = {}): PluginEntry {
  return {
    name: probe,
    use: "./probe.ts",
    accounts: [account.name],
    allow: { telegram: ["messages:read"], chats: ["*"] },
    deny: {},
    config: {},
    ...changes,
  };
}

describe.each(["process", "inline"] as const)("Host of a plugin with isolation %s", (isolation) => {
  const entry = (changes: Partial<PluginEntry> = {}): PluginEntry =>
    entryOf({ isolation, trusted: true, ...changes });

  test("start() gives a plugin its events, stop() undoes all that it made", async () => {
    const { host, bus, trail } = createBench();
    await host.start([entry()]);
    await bus.emit(received({ text: "one" }));
    await bus.drain();
    expect(host.list()[0]).toMatchObject({
      state: "running",
      version: "1.0.0",
      counters: { events: 1, errors: 0 },
    });
    await host.stop();
    await bus.emit(received({ text: "two" }));
    expect(await trail()).toEqual(["started", "one", "disposed"]);
    expect(host.list()[0]).toMatchObject({ state: "stopped" });
    expect(bus.stats().subscriptions.map(({ owner }) => owner)).toEqual(["test"]);
  });

  test("puts on record in whose handler a request was refused", async () => {
    const { host, bus, record } = createBench({ maxAttempts: 1 });
    await host.start([entry({ config: { mode: "request" } })]);
    const event = received({ text: "one" });
    await bus.emit(event);
    await bus.drain();
    expect(record.filter(({ call }) => call.startsWith("http."))).toMatchObject([
      { call: "http.request GET", verdict: "denied", permission: "net", eventId: event.id },
    ]);
    expect(record.find(({ call }) => call === "plugin.running")?.eventId).toBeNull();
    await host.stop();
  });

  test("start() goes on when a setup throws, and tells so", async () => {
    const { host, bus, failures, trail } = createBench();
    const broken = entry({ config: { mode: "throw-in-setup" } });
    const other = entry({ name: parsePluginName("other") });
    await host.start([broken, other]);
    await bus.drain();
    expect(host.list().map(({ state }) => state)).toEqual(["failed", "running"]);
    expect(failures[0]).toMatchObject({
      plugin: "probe",
      phase: "setup",
      error: { code: "PLUGIN_SETUP_FAILED" },
    });
    expect(await trail()).toEqual(["disposed"]);
    await host.stop();
  });

  test("start() fails a setup that hangs at its deadline", async () => {
    const { host, clock } = createBench({ setupTimeoutMs: 1_000 });
    const started = host.start([entry({ config: { mode: "hang-in-setup" } })]);
    while (host.list()[0]?.version == null || clock.sleeping === 0) await setImmediate();
    await clock.advance(1_000);
    await started;
    expect(host.list()[0]).toMatchObject({ state: "failed", error: { code: "PLUGIN_SETUP_TIMEOUT" } });
  });

  test("reports what a handler throws without the message that it quotes", async () => {
    const { host, bus, failures, lines } = createBench();
    await host.start([entry({ config: { mode: "throw" } })]);
    await bus.emit(received({ text: "very private" }));
    await bus.drain();
    await bus.drain();
    expect(failures[0]).toMatchObject({ phase: "handler", error: { code: "PLUGIN_HANDLER_FAILED" } });
    expect(host.list()[0]).toMatchObject({ state: "running", counters: { errors: 1 } });
    expect(JSON.stringify(failures) + lines.join("")).not.toContain("very private");
    await host.stop();
  });

  test("ends a handler at its deadline and lets the chat's next event through", async () => {
    const { host, bus, clock, failures, trailOf } = createBench({ handlerTimeoutMs: 1_000 });
    await host.start([entry({ config: { mode: "hang" } })]);
    await bus.emit(received());
    await clock.advance(1_000);
    await bus.drain();
    expect(failures[0]).toMatchObject({ error: { code: "PLUGIN_HANDLER_TIMEOUT" } });
    expect(await trailOf(2)).toEqual(["started", "aborted"]);
    await bus.emit(received());
    await clock.advance(1_000);
    await bus.drain();
    expect(host.list()[0]?.counters).toMatchObject({ events: 2, errors: 2 });
    const stopped = host.stop();
    await clock.advance(20_000);
    await stopped;
  });

  test("names the entry's key when the configuration does not fit", async () => {
    const { host } = createBench();
    await host.start([entry({ config: { mode: "dance" } })]);
    const error = host.list()[0]?.error;
    expect(error?.code).toBe("PLUGIN_CONFIG_INVALID");
    expect(error?.message).toContain("plugins.probe.config.mode:");
  });

  test("refuses a subscription that the entry does not grant, and says what to add", async () => {
    const { host } = createBench();
    await host.start([entry({ allow: {} })]);
    expect(host.list()[0]?.error).toMatchObject({
      code: "PERMISSION_DENIED",
      message:
        'Cannot subscribe to message.received as plugin "probe" lacks messages:read: add "messages:read" to plugins.probe.allow.telegram',
    });
  });

  test("keeps events of chats that are not granted from a plugin", async () => {
    const { host, bus, trail } = createBench();
    await host.start([entry({ allow: { telegram: ["messages:read"], chats: ["channel"] } })]);
    await bus.emit(received());
    await bus.drain();
    expect(await trail()).toEqual(["started"]);
    await host.stop();
  });

  test("refuses an account that the entry does not give", async () => {
    const { host } = createBench();
    await host.start([entry({ config: { mode: "other-account" } })]);
    expect(host.list()[0]?.error).toMatchObject({
      code: "PERMISSION_DENIED",
      message: expect.stringContaining('add "other" to plugins.probe.accounts'),
    });
  });

  test("tells of a schedule and of a disposal that fail", async () => {
    const { host, bus, clock, failures, trail, settle } = createBench();
    await host.start([entry({ config: { mode: "throw-in-schedule" } })]);
    await clock.advance(1_000, settle);
    await host.start([entry({ config: { mode: "throw-in-dispose" } })]);
    await host.stop();
    await bus.drain();
    expect(failures.map(({ phase, error }) => [phase, error.code])).toEqual([
      ["schedule", "PLUGIN_SCHEDULE_FAILED"],
      ["dispose", "SCOPE_DISPOSE_FAILED"],
    ]);
    expect(await trail()).toEqual(["started", "disposed", "started", "disposed"]);
  });

  test("fails a plugin of an account that does not exist", async () => {
    const { host } = createBench();
    await host.start([entry({ accounts: [] })]);
    expect(host.list()[0]?.error).toMatchObject({ code: "HOST_ACCOUNT_MISSING" });
  });

  test("starts what is required first, and not what requires a failed plugin", async () => {
    const dependent = entry({ name: parsePluginName("dependent"), use: "./dependent.ts" });
    const good = createBench();
    await good.host.start([dependent, entry()]);
    expect(good.host.list().map(({ state }) => state)).toEqual(["running", "running"]);
    await good.host.stop();
    const bad = createBench();
    await bad.host.start([dependent, entry({ config: { mode: "throw-in-setup" } })]);
    expect(bad.host.list()[0]?.error).toMatchObject({ code: "HOST_REQUIREMENT_FAILED" });
    const alone = createBench();
    await alone.host.start([dependent]);
    expect(alone.host.list()[0]?.error).toMatchObject({ code: "HOST_REQUIREMENT_MISSING" });
  });

  test("disable(), enable() and restart() change one plugin", async () => {
    const { host, trail } = createBench();
    await host.start([entry({ enabled: false })]);
    expect(host.list()[0]?.state).toBe("disabled");
    expect((await host.enable(probe)).state).toBe("running");
    expect((await host.restart(probe)).state).toBe("running");
    expect((await host.disable(probe)).state).toBe("disabled");
    expect(await trail()).toEqual(["started", "disposed", "started", "disposed"]);
    await expect(host.restart(parsePluginName("nobody"))).rejects.toMatchObject({
      code: "HOST_UNKNOWN_PLUGIN",
    });
  });

  test("runs schedules by the clock until the plugin stops", async () => {
    const { host, bus, clock, trail, settle } = createBench();
    await host.start([entry({ config: { mode: "schedule" } })]);
    await clock.advance(1_000, settle);
    expect(await trail()).toEqual(["started", "after"]);
    await clock.advance(120_000, settle);
    expect(await trail()).toEqual(["started", "after", "cron", "cron"]);
    expect(bus.recent(10).filter(({ type }) => type === "schedule.due")).toHaveLength(3);
    await host.stop();
    expect(clock.sleeping).toBe(0);
  });
});

test("Host refuses a plugin inline that nobody trusts", async () => {
  const { host } = createBench();
  await host.start([entryOf({ isolation: "inline" })]);
  expect(host.list()[0]?.error).toMatchObject({ code: "HOST_NOT_TRUSTED", category: "CONFIG" });
});

describe("fetch() in a plugin's process", () => {
  test("goes the way of requests: what is granted, on record", async () => {
    await using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("hello") });
    const { host, bus, record, trail } = createBench({ maxAttempts: 1 });
    const url = `http://127.0.0.1:${server.port}/`;
    const allow = { ...entryOf().allow, net: [`127.0.0.1:${server.port}`] };
    await host.start([entryOf({ allow, config: { mode: "fetch", url } })]);
    await bus.emit(received({ text: "one" }));
    await bus.drain();
    expect(await trail()).toEqual(["started", "hello", "one"]);
    expect(record.find(({ call }) => call === "http.request GET")?.verdict).toBe("allowed");
    await host.stop();
  });

  test("is refused by name where nothing grants the host", async () => {
    const { host, bus, failures } = createBench({ maxAttempts: 1 });
    await host.start([entryOf({ config: { mode: "fetch" } })]);
    await bus.emit(received({ text: "one" }));
    await bus.drain();
    expect(failures[0]?.error).toMatchObject({ code: "PERMISSION_DENIED", data: { permission: "net" } });
    await host.stop();
  });
});

describe("Host where the system cannot hold a plugin", () => {
  const nothing = { landlockAbi: 0, hasSeccomp: false, canHold: false, label: "none" };
  const readLevel = async () => nothing;

  test("does not start one that is not trusted, and says what may be done", async () => {
    const { host, record } = createBench({}, { readLevel });
    await host.start([entryOf()]);
    const [status] = host.list();
    expect(status).toMatchObject({ state: "failed", error: { code: "HOST_SANDBOX_UNAVAILABLE" } });
    expect(status?.error?.message).toBe(
      'Cannot start plugin "probe" as this system cannot hold it: set plugins.probe.trusted to true if you trust its code, or sandbox.whenUnavailable to "run plugins without any protection"',
    );
    expect(record).toMatchObject([{ call: "plugin.failed", code: "HOST_SANDBOX_UNAVAILABLE" }]);
    await host.stop();
  });

  test.each([
    ["one that is trusted", { trusted: true }, {}],
    ["any when it is told so in words", {}, { runsUnheld: true }],
  ])("starts %s, and says that nothing holds it", async (_, changes, more) => {
    const { host, lines } = createBench({}, { readLevel, ...more });
    await host.start([entryOf(changes)]);
    expect(host.list()).toMatchObject([{ state: "running", process: { level: "none" } }]);
    expect(lines.join("")).toContain("Nothing holds the plugin");
    await host.stop();
  });
});

describe("findPlugin()", () => {
  test("finds a file beside the configuration", async () => {
    expect(await findPlugin("./probe.ts", baseFolder, baseFolder)).toBe(`${baseFolder}/probe.ts`);
  });

  test("finds a package", async () => {
    expect(await findPlugin("zod", baseFolder, baseFolder)).toContain("/node_modules/zod/");
  });

  test.each(["./nothing.ts", "no-such-plugin-anywhere"])("says where it looked for %s", async (use) => {
    await expect(findPlugin(use, baseFolder, baseFolder)).rejects.toMatchObject({
      code: "HOST_PLUGIN_NOT_FOUND",
    });
  });
});

describe("loadPlugin()", () => {
  test("gives a file outside any package the contract as telegraphist", async () => {
    await using scope = new Scope("test");
    const folder = await mkdtemp(join(tmpdir(), "plugin-"));
    scope.own("folder", () => rm(folder, { recursive: true }));
    const schema = `{ "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } }`;
    const path = join(folder, "mine.ts");
    await Bun.write(
      path,
      `import { definePlugin } from "telegraphist";
       export default definePlugin({ name: "mine", version: "1.0.0", description: "", config: ${schema}, permissions: {}, setup() {} });`,
    );
    expect((await loadPlugin(path)).name).toBe("mine");
  });

  test("says what the default export must be", async () => {
    await expect(loadPlugin(`${baseFolder}/unmarked.ts`)).rejects.toMatchObject({
      code: "HOST_NOT_A_PLUGIN",
      message: expect.stringContaining("definePlugin"),
    });
  });

  test("says how to install a package that is not there", async () => {
    await using scope = new Scope("test");
    const folder = await mkdtemp(join(tmpdir(), "plugin-"));
    scope.own("folder", () => rm(folder, { recursive: true }));
    const path = join(folder, "mine.ts");
    await Bun.write(path, 'import "tg-no-such-package";\n');
    await expect(loadPlugin(path)).rejects.toMatchObject({
      code: "HOST_PLUGIN_LOAD_FAILED",
      message: expect.stringMatching(/'tg-no-such-package'.*; bun add beside the plugin installs it$/),
    });
  });

  test("names the file that cannot be imported", async () => {
    await expect(loadPlugin(`${baseFolder}/broken.ts`)).rejects.toMatchObject({
      code: "HOST_PLUGIN_LOAD_FAILED",
      message: expect.stringContaining("broken.ts: cannot be imported"),
    });
  });
});
