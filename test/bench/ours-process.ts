/** Our side of a bench: the program as `telegraphist run` puts it together, with one plugin that counts. */
import { exists, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "../../config/index.ts";
import { type App, createApp } from "../../runtime/app/index.ts";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { inspectPlugin, policyOf } from "../../runtime/host/index.ts";
import { createErrorTracker, createLogger } from "../../telemetry/index.ts";
import { startTelemetry } from "../../telemetry/sdk/index.ts";
import { AccountWatch } from "./account-watch.ts";
import { loginCode, memoryNow, type OurFace, type Preparation } from "./client-face.ts";
import { tally } from "./counting/tally.ts";
import { GuestReceipts } from "./guest-receipts.ts";
import { serve } from "./ipc.ts";

const owned = new AsyncDisposableStack();
let preparation: Preparation = {};
let app: App | null = null;
let watch: AccountWatch | null = null;
/** Where the plugin runs in a process of its own. */
let guest: GuestReceipts | null = null;
const counting = parsePluginName("counting");
const pluginFolder = join(import.meta.dir, "counting");
/** Time for what a start leaves behind to be let go. */
const restMs = 2_000;

serve<OurFace>({
  async prepare(input) {
    preparation = input;
  },
  async connect({ target, phones }) {
    const { folder = await temporaryFolder(), journal = true, sandboxedRounds } = preparation;
    guest = sandboxedRounds === undefined ? null : new GuestReceipts(join(folder, "plugins", "counting"));
    const databasePath = join(folder, "telegraphist.sqlite");
    const isKnown = await exists(databasePath);
    const names = phones.map((_, index) => `account${index}`);
    const config = configSchema.parse({
      version: 1,
      telegram: { apiId: 1, apiHash: "0".repeat(32), server: target.server },
      storage: { path: databasePath, keyFile: join(folder, "key") },
      journal: { enabled: journal },
      // A configuration names one account at least; without a phone it is never started.
      accounts: Object.fromEntries((names.length === 0 ? ["nobody"] : names).map((name) => [name, {}])),
      plugins: {
        counting: {
          // Inline it counts into the tally of this process: of a file no other module is read anew.
          ...(sandboxedRounds === undefined
            ? { use: join(pluginFolder, "index.ts"), isolation: "inline", trusted: true }
            : { use: pluginFolder, config: { rounds: sandboxedRounds } }),
          allow: { telegram: ["messages:read"], chats: ["*"] },
        },
      },
      admin: { enabled: false },
    });
    const errors = createErrorTracker();
    const logger = createLogger({ level: "warn", format: "json", errors });
    const telemetry = await startTelemetry({ ...config.telemetry, version: "0.0.0", logger });
    owned.defer(() => telemetry.stop());
    app = owned.use(
      await createApp({ config, baseFolder: folder, version: "0.0.0", logger, errors, telemetry, env: {} }),
    );
    for (const [index, phone] of isKnown ? [] : phones.entries()) {
      await app.login(`account${index}`, {
        phone: async () => phone,
        code: () => loginCode(target, phone),
        password: async () => "",
      });
    }
    if (phones.length === 0) return;
    watch = new AccountWatch(app);
    await app.start();
    await watch.online();
  },
  expect: async ({ count }) => (guest === null ? tally.expect(count) : guest.expect()),
  settled: (settling) => (guest === null ? tally.settled(settling) : guest.settled()),
  memory: async () => memoryNow(),
  async idleCpu({ forMs }) {
    const before = process.cpuUsage();
    await Bun.sleep(forMs);
    const { system, user } = process.cpuUsage(before);
    return (system + user) / 1_000 / forMs;
  },
  // In kilobytes, as getrusage(2) tells it.
  peakRss: async () => process.resourceUsage().maxRSS * 1_024,
  async guestMemory() {
    const pid = running().host.list()[0]?.process?.pid ?? 0;
    await Bun.sleep(restMs);
    const kibibytesIn = async (name: string, key: string) => {
      const text = await readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
      const kibibytes = new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
      return kibibytes === undefined ? null : Number(kibibytes) * 1_024;
    };
    const rssBytes = (await kibibytesIn("status", "VmRSS")) ?? 0;
    return { rssBytes, pssBytes: await kibibytesIn("smaps_rollup", "Pss") };
  },
  async startAgain({ count }) {
    const starts = { inspectMs: [] as number[], startMs: [] as number[], reloadMs: [] as number[] };
    const settledAfter = Math.ceil(count / 10);
    let settledBytes = 0;
    for (let start = 0; start < count; start++) {
      if (guest !== null) starts.inspectMs.push(await timed(inspect));
      await running().host.disable(counting);
      starts.startMs.push(await timed(() => running().host.enable(counting)));
      starts.reloadMs.push(await timed(() => running().host.reload(counting)));
      if (start + 1 === settledAfter) settledBytes = residentBytes();
    }
    return { ...starts, settledBytes, reloadedBytes: residentBytes() };
  },
  watchStates: async () => watching().begin(),
  stands: async () => watching().stands(),
  callEach: ({ accounts }) => watching().callEach(accounts),
  provoke: (ailing) => watching().provoke(ailing),
  close: () => owned.disposeAsync(),
});

/** RSS without what may be collected. */
function residentBytes(): number {
  Bun.gc(true);
  return process.memoryUsage.rss();
}

function running(): App {
  if (app === null) throw new Error("The program was not started");
  return app;
}

function watching(): AccountWatch {
  if (watch === null) throw new Error("The program was not started");
  return watch;
}

async function inspect(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-bench-"));
  const site = { baseFolder: folder, pluginFolder: folder };
  const policy = await policyOf({ name: counting, use: pluginFolder }, join(pluginFolder, "index.ts"), site);
  const logger = createLogger({ level: "warn", format: "json" });
  await inspectPlugin({ policy, logger, timeoutMs: 30_000 });
  await rm(folder, { recursive: true });
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await run();
  return performance.now() - startedAtMs;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-bench-"));
  owned.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
