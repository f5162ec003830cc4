import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import { type App, createApp } from "../../runtime/app/index.ts";
import { type Emulator, startEmulator, type UserView } from "../../runtime/emulator/index.ts";
import {
  createErrorTracker,
  createLogger,
  type ErrorTracker,
  type RootLogger,
} from "../../telemetry/index.ts";

/** What a test changes in the configuration; each part takes the place of the usual one. */
export interface ConfigChanges {
  readonly server?: Emulator["server"];
  readonly accounts?: Readonly<Record<string, unknown>>;
  readonly plugins?: Readonly<Record<string, unknown>>;
  readonly admin?: Readonly<Record<string, unknown>>;
  readonly telemetry?: Readonly<Record<string, unknown>>;
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly journal?: Readonly<Record<string, unknown>>;
  readonly storage?: Readonly<Record<string, unknown>>;
  readonly reload?: Readonly<Record<string, unknown>>;
}

/** The rooms under an app that a test looks into. */
export interface OpenApp extends AsyncDisposable {
  readonly app: App;
  readonly logger: RootLogger;
  readonly errors: ErrorTracker;
}

/** A folder as a person would have it: a configuration that leads to an emulator, a database, a key. */
export interface Installation extends AsyncDisposable {
  readonly folder: string;
  readonly configPath: string;
  readonly databasePath: string;
  readonly keyPath: string;
  readonly emulator: Emulator;
  readonly owner: UserView;
  /** Writes the configuration anew. */
  configure(changes: ConfigChanges): Promise<void>;
  /** Puts a file into the folder. */
  write(name: string, text: string): Promise<void>;
  /** Logs the account `me` in; afterwards nothing runs. */
  logIn(): Promise<void>;
  /** The program in this process, put together and not started. */
  open(
    options?: Pick<Parameters<typeof createApp>[0], "askPermission" | "clock" | "onAudit" | "telemetry"> &
      LogOptions,
  ): Promise<OpenApp>;
}

interface LogOptions {
  readonly level?: "debug" | "info" | "error";
  readonly writeLog?: (line: string) => void;
}

export const ownerPhone = "+9996619001";
export const ownerPassword = "a lighthouse keeper's lamp";

/** @param options.emulator one that outlives the installation. @default a new one with one data centre */
export async function createInstallation(
  options: ConfigChanges & { readonly emulator?: Emulator } = {},
): Promise<Installation> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-e2e-"));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const emulator = options.emulator ?? made.use(await startEmulator({ dataCentres: 1 }));
  const { world } = emulator;
  const owner = world.createUser({ firstName: "Olivia", phone: ownerPhone, password: ownerPassword });
  const configPath = join(folder, "telegraphist.yaml");

  const configure = async (changes: ConfigChanges) => {
    const { server = emulator.server, accounts = { me: {} }, plugins = {} } = changes;
    const { admin = { enabled: false }, telemetry = { log: { format: "json" } } } = changes;
    const { limits = {}, journal = {}, reload = {} } = changes;
    const config = {
      version: 1,
      telegram: { apiId: 1, apiHash: "0".repeat(32), server },
      storage: { path: "telegraphist.sqlite", keyFile: "key", ...changes.storage },
      accounts,
      plugins,
      admin,
      telemetry,
      limits,
      journal,
      reload,
    };
    // YAML takes JSON as it is.
    await Bun.write(configPath, JSON.stringify(config, null, 2));
  };
  await configure(options);

  const open = async ({ level = "info", writeLog = () => {}, ...given }: OpenOptions = {}) => {
    const read = await loadConfig({ path: configPath, env: {} });
    if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("; "));
    const errors = createErrorTracker();
    const logger = createLogger({ level, format: "json", write: writeLog, errors });
    const app = await createApp({
      config: read.config,
      document: read.document,
      baseFolder: folder,
      version: "0.0.0",
      logger,
      errors,
      env: {},
      ...given,
    });
    return { app, logger, errors, [Symbol.asyncDispose]: () => app.stop() };
  };
  const owned = made.move();
  return {
    folder,
    configPath,
    databasePath: join(folder, "telegraphist.sqlite"),
    keyPath: join(folder, "key"),
    emulator,
    owner,
    configure,
    write: async (name, text) => void (await Bun.write(join(folder, name), text)),
    async logIn() {
      await using opened = await open();
      await logInOwner(opened.app, emulator);
    },
    open,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type OpenOptions = NonNullable<Parameters<Installation["open"]>[0]>;

/** Answers the questions of a login as the owner would. */
export async function logInOwner(app: App, { world }: Emulator): Promise<void> {
  await app.login("me", {
    phone: async () => ownerPhone,
    code: async () => world.loginCode(ownerPhone) ?? "",
    password: async () => ownerPassword,
  });
}
