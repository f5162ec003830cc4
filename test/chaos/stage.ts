import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { loadConfig } from "../../config/index.ts";
import { createApp } from "../../runtime/app/index.ts";
import { createErrorTracker, createLogger } from "../../telemetry/index.ts";
import { freePort } from "../support/free-port.ts";
import { type ChildProgram, startChild } from "./child-program.ts";
import { Control } from "./control.ts";

/** A chat of the run and who writes into it. */
export interface StageChat {
  readonly id: string;
  readonly writerId: string;
  /** Whether the account may write there. */
  readonly isAnswerable: boolean;
  /** A supergroup or channel, which counts its own updates. */
  readonly isChannel: boolean;
}

/** An emulator in its own process, a world in it, and a folder with a configuration and a session. */
export interface Stage {
  readonly emulator: ChildProgram;
  readonly control: Control;
  readonly ownerId: string;
  readonly chats: readonly StageChat[];
  readonly configPath: string;
  readonly adminUrl: string;
  /** Where the plugin writes the numbers that it was given. */
  readonly recordPath: string;
}

const phone = "+9996600001";
const password = "chaos";

export interface StageOptions {
  /** An empty folder. */
  readonly folder: string;
  /** Whether the plugin runs in a process of its own, which cannot take the program along. */
  readonly isSandboxed: boolean;
}

export async function buildStage({ folder, isSandboxed }: StageOptions): Promise<Stage> {
  await mkdir(folder, { recursive: true });
  const emulator = startChild(["emulator", "--json"]);
  const { dataCentres, publicKeys, controlUrl } = JSON.parse(await emulator.line("controlUrl"));
  const control = new Control(controlUrl);
  const owner = await control.createUser({ firstName: "Olivia", phone, password });
  const chats = await createChats(control, owner.id);
  const adminPort = await freePort();
  const records = join(folder, "records");
  await mkdir(records);
  const recordPath = join(records, "deliveries.txt");
  const configPath = join(folder, "telegraphist.yaml");
  await Bun.write(
    configPath,
    stringify({
      version: 1,
      telegram: { apiId: 1, apiHash: "0".repeat(32), server: { dataCentres, publicKeys } },
      storage: { path: "telegraphist.sqlite", keyFile: "key" },
      accounts: { owner: {} },
      plugins: {
        chaos: {
          use: join(import.meta.dir, "chaos-plugin.ts"),
          // Inline it takes the program along when it kills itself.
          ...(isSandboxed ? {} : { isolation: "inline", trusted: true }),
          allow: { telegram: ["messages:read", "messages:send"], chats: ["*"], write: [records] },
          config: { record: recordPath, deaths: isSandboxed ? null : join(records, "death") },
        },
      },
      // What lives through many kills from outside must not be taken for their cause.
      journal: { maxAttempts: 100 },
      admin: { port: adminPort, tokenFile: "admin-token" },
      telemetry: { log: { level: "warn", format: "json" } },
    }),
  );
  await logIn(configPath, folder, control);
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  return { emulator, control, ownerId: owner.id, chats, configPath, adminUrl, recordPath };
}

/** Eight private chats, four groups, six supergroups, two channels. */
async function createChats(control: Control, ownerId: string): Promise<readonly StageChat[]> {
  const chats: StageChat[] = [];
  const people: string[] = [];
  for (let index = 0; index < 8; index++) {
    const { id } = await control.createUser({ firstName: `Person ${index}` });
    people.push(id);
    chats.push({ id: ownerId, writerId: id, isAnswerable: true, isChannel: false });
  }
  const kinds = [
    ...Array.from({ length: 4 }, () => "group" as const),
    ...Array.from({ length: 6 }, () => "supergroup" as const),
    ...Array.from({ length: 2 }, () => "channel" as const),
  ];
  for (const [index, kind] of kinds.entries()) {
    const writerId = people[index % people.length] ?? "";
    const chat = await control.createChat({
      kind,
      title: `Chat ${index}`,
      creatorId: writerId,
      memberIds: [ownerId],
    });
    chats.push({ id: chat.id, writerId, isAnswerable: kind !== "channel", isChannel: kind !== "group" });
  }
  return chats;
}

async function logIn(configPath: string, baseFolder: string, control: Control): Promise<void> {
  const result = await loadConfig({ path: configPath, env: {} });
  if (!result.ok) throw new Error(`The run's own configuration is wrong: ${JSON.stringify(result.problems)}`);
  const errors = createErrorTracker();
  const logger = createLogger({ level: "error", errors });
  await using app = await createApp({
    config: result.config,
    baseFolder,
    version: "0.0.0",
    logger,
    errors,
    env: {},
  });
  await app.login("owner", {
    phone: async () => phone,
    code: () => control.loginCode(phone),
    password: async () => password,
  });
}
