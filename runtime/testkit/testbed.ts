import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { configSchema } from "../../config/index.ts";
import { createErrorTracker, createLogger } from "../../telemetry/index.ts";
import { type App, createApp, describePlugin } from "../app/index.ts";
import { hasCode } from "../contract/index.ts";
import { type Emulator, startEmulator, type UserView, type World } from "../emulator/index.ts";
import { Collected } from "./collected.ts";
import { createStage, type EmulatedStage } from "./emulated-stage.ts";
import type { PluginOptions, PluginsOptions, Refusal, TestPlugin } from "./face.ts";
import { createTestbed, type OpenTestbed } from "./running-testbed.ts";
import { TurnedClock } from "./turned-clock.ts";

interface OpenOptions {
  readonly prepare?: (stage: EmulatedStage) => void | Promise<void>;
  /** An emulator that outlives the testbed. @default a new one, stopped at the end */
  readonly emulator?: Emulator;
}

type OneOptions = Omit<PluginOptions, "prepare"> & OpenOptions;
type SeveralOptions = Omit<PluginsOptions, "prepare"> & OpenOptions;

const ownerPhone = "+9996610001";

/** As the face says. */
export async function startTestbed(use: string, options?: OneOptions): Promise<OpenTestbed>;
export async function startTestbed(options?: SeveralOptions): Promise<OpenTestbed>;
export async function startTestbed(
  first: string | SeveralOptions = {},
  second: OneOptions = {},
): Promise<OpenTestbed> {
  const options = typeof first === "string" ? second : first;
  const plugins = typeof first === "string" ? await onePlugin(first, second) : (first.plugins ?? {});
  const { prepare, startsAt, writeLog = () => {} } = options;
  await using made = new AsyncDisposableStack();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "telegraphist-test-")));
  if (options.folder === undefined) made.defer(() => rm(folder, { recursive: true, force: true }));
  const clock = new TurnedClock(startsAt);
  const worldNow = () => clock.now();
  const emulator = options.emulator ?? made.use(await startEmulator({ worldNow }));
  const { world } = emulator;
  const owner = world.users().find((user) => user.phone === ownerPhone.slice(1)) ?? createOwner(world);
  await prepare?.(createStage(world, owner, notYet));

  const config = configSchema.parse({
    version: 1,
    telegram: { apiId: 1, apiHash: "0".repeat(32), server: emulator.server },
    storage: { path: join(folder, "telegraphist.sqlite"), keyFile: join(folder, "key") },
    accounts: { owner: {} },
    plugins: Object.fromEntries(
      Object.entries(plugins).map(([name, plugin]) => [
        name,
        { ...plugin, use: pathOf(plugin.use ?? name), trusted: plugin.isolation === "inline" },
      ]),
    ),
    // A plugin's own author tests it, also on a system that cannot hold it.
    sandbox: { whenUnavailable: "run plugins without any protection" },
    admin: { enabled: false },
  });
  const refused = new Collected<Refusal>();
  const errors = createErrorTracker();
  const logger = createLogger({ format: "json", errors, write: writeLog });
  const app = made.use(
    await createApp({
      ...{ config, baseFolder: folder, version: "0.0.0", logger, errors, env: {} },
      ...(clock.plugins === null ? {} : { pluginClock: clock.plugins }),
      onAudit: ({ plugin, call, verdict, permission, target }) => {
        if (verdict === "denied") refused.add({ plugin, call, permission, target });
      },
    }),
  );
  await logIn(app, world);
  const close = () => owned.disposeAsync();
  const testbed = createTestbed({ app, emulator, owner, folder, clock, refused, close });
  await app.start();
  const failed = app.host.list().find((plugin) => plugin.state === "failed");
  if (failed !== undefined)
    throw new Error(`Plugin "${failed.name}" did not start: ${failed.error?.message}`);
  const owned = made.move();
  return testbed;
}

/** The entry that grants a plugin all that it asks for, unless the test says otherwise. */
async function onePlugin(
  use: string,
  { allow, deny, config, isolation }: OneOptions,
): Promise<Readonly<Record<string, TestPlugin>>> {
  const site = {
    baseFolder: process.cwd(),
    runsUnheld: true,
    env: {},
    logger: createLogger({ write: () => {} }),
  };
  const { manifest } = await describePlugin(pathOf(use), site);
  return {
    [manifest.name]: {
      ...{ use, config, allow: allow ?? manifest.permissions },
      ...(deny === undefined ? {} : { deny }),
      ...(isolation === undefined ? {} : { isolation }),
    },
  };
}

function pathOf(use: string): string {
  return use.startsWith("file:") ? fileURLToPath(use) : use;
}

/** A folder that was used before has its session already. */
async function logIn(app: App, world: World): Promise<void> {
  try {
    await app.login("owner", {
      phone: async () => ownerPhone,
      code: async () => world.loginCode(ownerPhone) ?? "",
      password: async () => "",
    });
  } catch (error) {
    if (!hasCode(error, "ACCOUNT_LOGGED_IN")) throw error;
  }
}

function createOwner(world: World): UserView {
  return world.createUser({ firstName: "Olivia", phone: ownerPhone });
}

async function notYet(): Promise<never> {
  throw new Error("Nobody can act while the test is prepared: the account is not online yet");
}
