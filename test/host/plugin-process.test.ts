import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEventBus, type EventBus } from "../../runtime/bus/index.ts";
import {
  type EventMap,
  type EventName,
  type PluginFailed,
  parsePluginName,
  TelegraphistError,
} from "../../runtime/contract/index.ts";
import { createHost, type Host, type HostLimits } from "../../runtime/host/index.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { account, received } from "../support/sample-events.ts";
import { MemoryStore } from "./memory-store.ts";

const unruly = parsePluginName("unruly");
const pluginFolder = await mkdtemp(join(tmpdir(), "telegraphist-plugins-"));
afterAll(() => rm(pluginFolder, { recursive: true }));

interface Bench extends AsyncDisposable {
  readonly host: Host;
  readonly bus: EventBus;
  readonly lines: Record<string, unknown>[];
  /** Resolves when the store says so of the last message that was handled. */
  last(text: string): Promise<void>;
  /** The next event of that name. */
  next<Name extends EventName>(name: Name): Promise<EventMap[Name]>;
  /** The next word of a process that ended. */
  ended(): Promise<PluginFailed>;
}

/** A host that runs the unruly plugin in a process. */
async function startBench(limits: HostLimits = {}): Promise<Bench> {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ format: "json", write: (line) => void lines.push(JSON.parse(line)) });
  const bus = createEventBus({ logger });
  const store = new MemoryStore();
  const telegramOf = () => {
    throw new TelegraphistError({
      code: "TEST_NO_TELEGRAM",
      category: "INTERNAL",
      message: "Cannot reach it",
    });
  };
  const host = createHost({
    ...{ bus, store, logger, pluginFolder, clock: systemClock },
    limits: { restartDelayMs: 10, ...limits },
    accounts: { refs: () => [account], telegramOf },
    baseFolder: `${import.meta.dir}/plugins`,
  });
  const allow = { telegram: ["messages:read"], chats: ["*"] } as const;
  await host.start([
    { name: unruly, use: "./unruly.ts", accounts: [account.name], allow, deny: {}, config: {} },
  ]);
  expect(host.list()[0]?.error ?? null).toBeNull();
  const next = <Name extends EventName>(name: Name): Promise<EventMap[Name]> => {
    const { promise, resolve } = Promise.withResolvers<EventMap[Name]>();
    const dispose = bus.subscribe(name, undefined, (event) => resolve(event), { owner: crypto.randomUUID() });
    return promise.finally(dispose);
  };
  return {
    ...{ host, bus, lines },
    async last(text) {
      while ((await store.get(unruly, "last")) !== text) await store.changed();
    },
    next,
    async ended() {
      for (;;) {
        const failed = await next("plugin.failed");
        if (failed.phase === "process") return failed;
      }
    },
    [Symbol.asyncDispose]: () => host.stop(),
  };
}

describe("a plugin's process", () => {
  test("is told of, and ends with the plugin", async () => {
    const { host, lines } = await startBench();
    const [running] = host.list();
    const pid = running?.process?.pid ?? 0;
    expect(running?.isolation).toBe("process");
    expect(running?.process?.level).toMatch(/^(landlock:\d\+seccomp|none)$/);
    expect(lines.find(({ heldBy }) => heldBy !== undefined)?.heldBy).toBe(running?.process?.level);
    expect(() => process.kill(pid, 0)).not.toThrow();
    await host.stop();
    expect(host.list()[0]?.process).toBeNull();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  test.each([
    ["exit", "PLUGIN_CRASHED", "it ended with code 3", {}],
    ["kill", "PLUGIN_CRASHED", "SIGKILL ended it", {}],
    ["throw", "PLUGIN_CRASHED", "nobody caught an error", {}],
    ["reject", "PLUGIN_CRASHED", "nobody caught an error", {}],
    ["break frames", "WIRE_TOO_LARGE", "", {}],
    ["loop", "PLUGIN_UNRESPONSIVE", "it stood still for 900 ms", { heartbeatMs: 50, pluginSilenceMs: 900 }],
    ["leak", "PLUGIN_MEMORY_EXCEEDED", "more than 192 MiB", { pluginMemoryBytes: 192 * 1024 ** 2 }],
  ])(
    "that ends by %j is told of, and started again",
    async (text, code, reason, limits: HostLimits) => {
      await using bench = await startBench(limits);
      const { bus, host } = bench;
      const pid = host.list()[0]?.process?.pid;
      const ended = bench.ended();
      const started = bench.next("plugin.started");
      await bus.emit(received({ text }));
      const { error } = await ended;
      expect(error.code).toBe(code);
      expect(error.message).toContain(reason);
      await started;
      await bus.emit(received({ text: "after it" }));
      await bench.last("after it");
      expect(host.list()[0]?.state).toBe("running");
      expect(host.list()[0]?.restarts).toBe(1);
      expect(host.list()[0]?.process?.pid).not.toBe(pid);
    },
    15_000,
  );

  test("that ends again and again is not started any more", async () => {
    await using bench = await startBench();
    const { bus, host } = bench;
    for (let crash = 1; crash <= 5; crash++) {
      const started = crash < 5 ? bench.next("plugin.started") : Promise.resolve();
      const ended = bench.ended();
      await bus.emit(received({ text: "kill" }));
      await ended;
      await started;
    }
    while (host.list()[0]?.error?.code !== "PLUGIN_CRASH_LOOP") await bench.ended();
    expect(host.list()[0]?.state).toBe("failed");
    expect(host.list()[0]?.restarts).toBe(4);
    expect((await host.restart(unruly)).state).toBe("running");
  }, 15_000);

  test("that prints writes its log, and breaks nothing", async () => {
    await using bench = await startBench();
    await bench.bus.emit(received({ text: "print" }));
    await bench.last("print");
    const printed = bench.lines.filter(({ message }) => /printed|written|shown/.test(String(message)));
    expect(printed.map(({ level, message, plugin }) => [level, message, plugin])).toEqual([
      ["info", "printed 1", "unruly"],
      ["info", "written", "unruly"],
      ["error", expect.stringContaining("shown"), "unruly"],
    ]);
  });

  test("that writes without end is held to its share, and goes on", async () => {
    await using bench = await startBench({ heartbeatMs: 50 });
    await bench.bus.emit(received({ text: "chatter" }));
    await bench.last("chatter");
    const chatter = bench.lines.filter(({ message }) => message === "chatter");
    expect(chatter.length).toBeGreaterThan(900);
    expect(chatter.length).toBeLessThan(1_100);
    expect(bench.host.list()[0]?.restarts).toBe(0);
  });

  test("that calls without end waits for its turn, and goes on", async () => {
    await using bench = await startBench();
    await bench.bus.emit(received({ text: "hoard" }));
    await bench.last("hoard");
    expect(bench.host.list()[0]?.restarts).toBe(0);
  });

  test("ends at the deadline of a stop when a handler does not", async () => {
    const { bus, host } = await startBench({ stopTimeoutMs: 300 });
    const pid = host.list()[0]?.process?.pid ?? 0;
    await bus.emit(received({ text: "wait" }));
    await host.stop();
    expect(host.list()[0]?.state).toBe("stopped");
    expect(host.list()[0]?.lastError?.error.code).toBe("SCOPE_DISPOSE_FAILED");
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
