import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "../../config/index.ts";
import { createErrorTracker, createLogger } from "../../telemetry/index.ts";
import { type App, createApp } from "../app/index.ts";
import {
  type EventMap,
  type EventName,
  hasCode,
  type PermissionSet,
  type Telegram,
} from "../contract/index.ts";
import { type Emulator, startEmulator, type UserView, type World } from "../emulator/index.ts";

/** A plugin as the YAML file would name it. */
export interface TestPlugin {
  /** A bundled plugin's name or an absolute path. @default the key */
  readonly use?: string;
  readonly allow?: PermissionSet;
  readonly deny?: PermissionSet;
  readonly config?: unknown;
}

export interface TestbedOptions {
  /** Plugins by the name of their entry. @default none */
  readonly plugins?: Readonly<Record<string, TestPlugin>>;
  /** Runs before the plugins start: people and chats that they should find. */
  readonly prepare?: (world: World, owner: UserView) => void | Promise<void>;
  /** Gets every log line. @default nobody */
  readonly writeLog?: (line: string) => void;
  /** Folder of the database and of what plugins write. @default a new one, removed at the end */
  readonly folder?: string;
  /** An emulator that outlives the testbed. @default a new one, stopped at the end */
  readonly emulator?: Emulator;
}

/** The real program against a Telegram of its own, with an owner who is logged in. */
export interface Testbed extends AsyncDisposable {
  readonly app: App;
  readonly emulator: Emulator;
  readonly world: World;
  readonly owner: UserView;
  /** The owner's Telegram, with every right. */
  readonly telegram: Telegram;
  readonly folder: string;
  /**
   * The next event of that name that the predicate takes; ask before doing what makes it.
   *
   * @param options.timeoutMs @default 10_000
   * @throws {Error} when there is none in that time
   */
  next<Name extends EventName>(
    name: Name,
    predicate?: (event: EventMap[Name]) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<EventMap[Name]>;
}

const ownerPhone = "+9996610001";
const ownerPassword = "correct horse";

/**
 * Starts an emulator, logs the owner in by phone, code, and password, and starts the plugins.
 *
 * @throws {Error} when a plugin did not start, with its reason
 */
export async function startTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  const { plugins = {}, prepare } = options;
  await using made = new AsyncDisposableStack();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "telegraphist-test-")));
  if (options.folder === undefined) made.defer(() => rm(folder, { recursive: true, force: true }));
  const emulator = options.emulator ?? made.use(await startEmulator());
  const { world } = emulator;
  const owner = world.users().find((user) => user.phone === ownerPhone.slice(1)) ?? createOwner(world);
  await prepare?.(world, owner);

  const config = configSchema.parse({
    version: 1,
    telegram: { apiId: 1, apiHash: "0".repeat(32), server: emulator.server },
    storage: { path: join(folder, "telegraphist.sqlite"), keyFile: join(folder, "key") },
    accounts: { owner: {} },
    plugins,
    admin: { enabled: false },
  });
  const errors = createErrorTracker();
  const logger = createLogger({ format: "json", errors, write: options.writeLog ?? (() => {}) });
  const app = made.use(
    await createApp({ config, baseFolder: folder, version: "0.0.0", logger, errors, env: {} }),
  );
  const [account] = app.accounts.values();
  if (account === undefined) throw new Error("The testbed has no account");
  await logIn(app, world);
  await app.start();
  const failed = app.host.list().find((plugin) => plugin.state === "failed");
  if (failed !== undefined)
    throw new Error(`Plugin "${failed.name}" did not start: ${failed.error?.message}`);

  const owned = made.move();
  return {
    app,
    emulator,
    world,
    owner,
    telegram: account.telegram,
    folder,
    next: (name, predicate, limits) => nextEvent(app, name, predicate, limits),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A folder that was used before has its session already. */
async function logIn(app: App, world: World): Promise<void> {
  try {
    await app.login("owner", {
      phone: async () => ownerPhone,
      code: async () => world.loginCode(ownerPhone) ?? "",
      password: async () => ownerPassword,
    });
  } catch (error) {
    if (!hasCode(error, "ACCOUNT_LOGGED_IN")) throw error;
  }
}

function createOwner(world: World): UserView {
  return world.createUser({ firstName: "Olivia", phone: ownerPhone, password: ownerPassword });
}

function nextEvent<Name extends EventName>(
  { bus }: App,
  name: Name,
  predicate: (event: EventMap[Name]) => boolean = () => true,
  { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {},
): Promise<EventMap[Name]> {
  const { promise, resolve, reject } = Promise.withResolvers<EventMap[Name]>();
  const timer = setTimeout(() => reject(new Error(`No "${name}" came within ${timeoutMs} ms`)), timeoutMs);
  const dispose = bus.subscribe(
    name,
    undefined,
    (event) => {
      if (predicate(event)) resolve(event);
    },
    { owner: `testbed:${crypto.randomUUID()}` },
  );
  return promise.finally(() => {
    clearTimeout(timer);
    return dispose();
  });
}
