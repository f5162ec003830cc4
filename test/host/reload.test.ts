import { afterAll, describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createEventBus } from "../../runtime/bus/index.ts";
import {
  type JsonValue,
  type MessageReceived,
  type PluginFailed,
  type PluginName,
  parseChatId,
  parsePluginName,
  TelegraphistError,
} from "../../runtime/contract/index.ts";
import { createHost, type HostLimits, type PluginEntry } from "../../runtime/host/index.ts";
import { createJournal } from "../../runtime/journal/index.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { memoryStorage, temporaryFolder } from "../storage/fixture.ts";
import { account, adaChat, received } from "../support/sample-events.ts";
import { MemoryStore } from "./memory-store.ts";

const folder = await temporaryFolder();
afterAll(() => folder[Symbol.asyncDispose]());
const echo = parsePluginName("echo");

/** Notes what plugins put into their stores, in the order in which it comes. */
class NotingStore extends MemoryStore {
  readonly notes: string[] = [];

  override set(plugin: PluginName, key: string, value: JsonValue): Promise<void> {
    this.notes.push(`${plugin} ${String(value)}`);
    return super.set(plugin, key, value);
  }
}

/** A plugin that notes the text of each message behind its version; it waits where the text says so. */
function codeOf(version: string, setup = ""): string {
  return `import { definePlugin } from "telegraphist";
export default definePlugin({
  name: "echo", version: "${version}", description: "Notes what it reads",
  config: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  permissions: { telegram: ["messages:read"], chats: ["*"] },
  async setup({ on, store, onDispose, config }) {
    ${setup}
    on("message.received", async ({ text }, { signal }) => {
      if (text === "stall") {
        await store.set("stalled", "${version} stalls");
        signal.throwIfAborted();
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }
      await store.set("seen", "${version} " + text);
    });
    onDispose(() => store.set("disposed", "${version} disposed"));
  },
});
`;
}

async function startBench(entries: readonly PluginEntry[], limits: HostLimits = {}) {
  const storage = await memoryStorage();
  const lines: string[] = [];
  const logger = createLogger({ write: (line) => void lines.push(line) });
  const bus = createEventBus({ logger });
  const failures: PluginFailed[] = [];
  bus.subscribe("plugin.failed", undefined, (event) => void failures.push(event), { owner: "test" });
  const journal = createJournal({ ...{ store: storage.journal, bus, logger }, clock: systemClock });
  const store = new NotingStore();
  const telegramOf = () => {
    throw new TelegraphistError({
      code: "TEST_NO_TELEGRAM",
      category: "INTERNAL",
      message: "Cannot reach it",
    });
  };
  const host = createHost({
    ...{ bus, store, logger, clock: systemClock, limits },
    accounts: { refs: () => [account], telegramOf },
    journal: {
      ...storage.journal,
      open: journal.open.bind(journal),
      withdraw: journal.withdraw.bind(journal),
      bury: async () => "1",
    },
    baseFolder: folder.path,
    pluginFolder: join(folder.path, "work"),
  });
  await journal.enroll(entries.map(({ name }) => name));
  await host.start(entries);
  const receive = (events: readonly MessageReceived[]) =>
    journal.commit({ account: account.name, events, state: null });
  const drain = () => journal.drain(AbortSignal.timeout(30_000));
  /** Resolves when a plugin has noted so. */
  const noted = async (note: string) => {
    while (!store.notes.includes(note)) await store.changed();
  };
  return {
    ...{ host, bus, failures, lines, receive, drain, noted, notes: store.notes },
    write: (name: string, code: string) => Bun.write(join(folder.path, `${name}.ts`), code),
    async [Symbol.asyncDispose]() {
      await host.stop();
      await journal.stop();
      await storage.close();
    },
  };
}

describe.each(["process", "inline"] as const)("Host with isolation %s", (isolation) => {
  let files = 0;
  /** An entry with a file of its own. */
  async function entryOf(version: string, name = echo, setup = ""): Promise<PluginEntry> {
    files++;
    const file = `${isolation}-${files}`;
    await Bun.write(join(folder.path, `${file}.ts`), codeOf(version, setup));
    return {
      ...{ name, use: `./${file}.ts`, accounts: [account.name], isolation, trusted: true, config: {} },
      ...{ allow: { telegram: ["messages:read"], chats: ["*"] }, deny: {} },
    };
  }
  const fileOf = (entry: PluginEntry) => entry.use.slice(2, -3);

  test("reload() has every event handled once, and each chat's in order, while they pour in", async () => {
    const entry = await entryOf("1.0.0");
    await using bench = await startBench([entry]);
    const { host, receive, drain, notes, write } = bench;
    const sent: string[] = [];
    const pour = async (): Promise<void> => {
      const events = Array.from({ length: 12 }, () => {
        const chat = sent.length % 3;
        const text = `${chat}/${sent.length}`;
        sent.push(text);
        return received({ text, chat: { ...adaChat, id: parseChatId(String(100 + chat)) } });
      });
      await receive(events);
    };
    for (let reload = 1; reload <= 20; reload++) {
      await write(fileOf(entry), codeOf(`1.0.${reload}`));
      let isOver = false;
      const reloaded = host.reload(echo).finally(() => {
        isOver = true;
      });
      do {
        await pour();
        await new Promise((resolve) => setImmediate(resolve));
      } while (!isOver && sent.length < reload * 150);
      expect(await reloaded).toMatchObject({ state: "running", reloads: reload });
      await pour();
    }
    await drain();
    const texts = notes.filter((note) => note.includes("/")).map((note) => note.split(" ")[2] ?? "");
    expect(texts.toSorted()).toEqual(sent.toSorted());
    for (const chat of ["0/", "1/", "2/"]) {
      const ofChat = (all: readonly string[]) => all.filter((text) => text.startsWith(chat));
      expect(ofChat(texts)).toEqual(ofChat(sent));
    }
    expect(notes.filter((note) => note.endsWith("disposed"))).toHaveLength(20);
  }, 60_000);

  test("reload() leaves nothing of former lives behind", async () => {
    const entry = await entryOf("1.0.0");
    await using bench = await startBench([entry]);
    const { host, bus } = bench;
    const pids = new Set<number>();
    const reload = async (): Promise<void> => {
      const { process: guest } = await host.reload(echo);
      if (guest !== null) pids.add(guest.pid);
    };
    // What is loaded on first use is there then.
    await reload();
    const descriptors = (await readdir("/proc/self/fd")).length;
    const reloads = isolation === "inline" ? 200 : 8;
    for (let count = 0; count < reloads; count++) await reload();
    expect(bus.stats().subscriptions.map(({ owner }) => owner)).toEqual(["test", "echo"]);
    // Other tests of the same process may have opened one meanwhile; a leak has one for each reload at least.
    expect((await readdir("/proc/self/fd")).length).toBeLessThan(descriptors + reloads);
    const running = host.list()[0]?.process?.pid;
    for (const pid of pids) {
      if (pid !== running) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    }
  }, 60_000);

  test("reload() lets the old go on where the new does not start, and tells why", async () => {
    const entry = await entryOf("1.0.0");
    await using bench = await startBench([entry]);
    const { host, receive, drain, notes, failures, write } = bench;
    for (const [code, reason] of [
      [codeOf("2.0.0", `throw new Error("not today");`), "PLUGIN_RELOAD_FAILED"],
      ["const = 1;", "HOST_PLUGIN_LOAD_FAILED"],
    ] as const) {
      await write(fileOf(entry), code);
      await expect(host.reload(echo)).rejects.toThrow(expect.objectContaining({ code: "HOST_APPLY_FAILED" }));
      await receive([received({ text: reason })]);
      await drain();
      expect(notes.at(-1)).toBe(`echo 1.0.0 ${reason}`);
      expect(host.list()[0]).toMatchObject({ state: "running", version: "1.0.0", reloads: 0 });
      expect(failures.at(-1)).toMatchObject({ plugin: "echo", phase: "reload" });
    }
    expect(host.list()[0]?.reloadError).toMatchObject({ code: "HOST_PLUGIN_LOAD_FAILED" });
    await write(fileOf(entry), codeOf("3.0.0"));
    expect(await host.reload(echo)).toMatchObject({ version: "3.0.0", reloadError: null });
  }, 30_000);

  test("reload() gives the new code what the old does not end in its time", async () => {
    const entry = await entryOf("1.0.0");
    await using bench = await startBench([entry], { drainTimeoutMs: 0 });
    const { host, receive, notes, noted, lines, write } = bench;
    await receive([received({ text: "stall" }), received({ text: "after it" })]);
    await noted("echo 1.0.0 stalls");
    await write(fileOf(entry), codeOf("2.0.0"));
    await host.reload(echo);
    await noted("echo 2.0.0 stalls");
    expect(notes).toEqual(["echo 1.0.0 stalls", "echo 1.0.0 disposed", "echo 2.0.0 stalls"]);
    expect(lines.join("")).toContain("PLUGIN_DRAIN_TIMEOUT");
  }, 30_000);

  test("stop() waits for no handler of a life that is taken over from", async () => {
    const entry = await entryOf("1.0.0");
    await using bench = await startBench([entry], { drainTimeoutMs: 600_000 });
    const { host, receive, notes, noted, write } = bench;
    await receive([received({ text: "stall" })]);
    await noted("echo 1.0.0 stalls");
    await write(fileOf(entry), codeOf("2.0.0", `await store.set("setup", "2.0.0 set up");`));
    const reloaded = host.reload(echo);
    await noted("echo 2.0.0 set up");
    await host.stop();
    await reloaded;
    expect(host.list()[0]?.state).toBe("stopped");
    expect(notes.filter((note) => note.endsWith("disposed"))).toHaveLength(2);
  }, 30_000);

  test("apply() goes over to all entries, and to none where one does not start", async () => {
    const other = parsePluginName("other");
    const third = parsePluginName("third");
    const [first, second] = [await entryOf("1.0.0"), await entryOf("1.0.0", other)];
    await using bench = await startBench([first, second]);
    const { host, receive, drain, notes, write } = bench;
    const versions = () => host.list().map(({ name, version, state }) => `${name} ${version} ${state}`);
    await write(fileOf(first), codeOf("2.0.0"));
    const broken = await entryOf("1.0.0", third, `throw new Error("not today");`);
    await expect(host.apply([first, broken])).rejects.toThrow(`"third"`);
    expect(versions()).toEqual(["echo 1.0.0 running", "other 1.0.0 running"]);
    await write(fileOf(broken), codeOf("1.0.0"));
    const before = host.list();
    await host.apply([first, broken]);
    expect(versions()).toEqual(["echo 2.0.0 running", "third 1.0.0 running"]);
    notes.length = 0;
    await receive([received({ text: "hello" })]);
    await drain();
    expect(notes.toSorted()).toEqual(["echo 2.0.0 hello", "third 1.0.0 hello"]);
    await host.apply([{ ...first, enabled: false }, broken]);
    expect(versions()).toEqual(["echo 2.0.0 disabled", "third 1.0.0 running"]);
    // What is as it was is left alone.
    expect(host.list()[1]?.sinceMs).toBeGreaterThanOrEqual(before[1]?.sinceMs ?? 0);
    expect(host.list()[1]?.reloads).toBe(0);
  }, 30_000);
});
