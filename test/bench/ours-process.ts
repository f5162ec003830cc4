/** Our side of a bench: the program as `telegraphist run` puts it together, with one plugin that counts. */
import { exists, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "../../config/index.ts";
import { createApp } from "../../runtime/app/index.ts";
import type { Account } from "../../runtime/telegram/index.ts";
import { createErrorTracker, createLogger } from "../../telemetry/index.ts";
import { startTelemetry } from "../../telemetry/sdk/index.ts";
import { loginCode, memoryNow, type OurFace, type Preparation } from "./client-face.ts";
import { serve } from "./ipc.ts";
import { tally } from "./tally.ts";

const owned = new AsyncDisposableStack();
let preparation: Preparation = {};

serve<OurFace>({
  async prepare(input) {
    preparation = input;
  },
  async connect({ target, phones }) {
    const { folder = await temporaryFolder(), journal = true } = preparation;
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
          use: join(import.meta.dir, "counting-plugin.ts"),
          // It counts into the tally of this process.
          isolation: "inline",
          trusted: true,
          allow: { telegram: ["messages:read"], chats: ["*"] },
        },
      },
      admin: { enabled: false },
    });
    const errors = createErrorTracker();
    const logger = createLogger({ level: "warn", format: "json", errors });
    const telemetry = await startTelemetry({ ...config.telemetry, version: "0.0.0", logger });
    owned.defer(() => telemetry.stop());
    const app = owned.use(
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
    await app.start();
    await Promise.all([...app.accounts.values()].map(untilOnline));
  },
  expect: async ({ count }) => tally.expect(count),
  settled: (settling) => tally.settled(settling),
  memory: async () => memoryNow(),
  // In kilobytes, as getrusage(2) tells it.
  peakRss: async () => process.resourceUsage().maxRSS * 1_024,
  close: () => owned.disposeAsync(),
});

/** Resolves when the account has caught up, or has found out what the present is. */
async function untilOnline(account: Account): Promise<void> {
  const online = Promise.withResolvers<void>();
  const stopListening = account.onState(({ state }) => {
    if (state === "online") online.resolve();
  });
  if (account.state.state === "online") online.resolve();
  await online.promise;
  await stopListening();
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-bench-"));
  owned.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
