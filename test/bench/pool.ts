import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Memory, OurFace, Target } from "./client-face.ts";
import type { EmulatorFace } from "./emulator-process.ts";
import { BenchProcess } from "./ipc.ts";
import { type Machine, machine } from "./machine.ts";
import { benchTrouble, type TroubleReport } from "./pool-trouble.ts";

export interface PoolOptions {
  /** Four at least, as three get into trouble. */
  readonly accounts: number;
  /** How long the server is away. */
  readonly outageMs: number;
  /** Time for what a start leaves behind to be let go. @default 3_000 */
  readonly restMs?: number;
  /** How long its idling is measured. @default 10_000 */
  readonly idleMs?: number;
  /** To each account that is well, before and beside the trouble of three. @default 10 */
  readonly messagesEach?: number;
}

/** Many accounts in one process. */
export interface PoolReport {
  readonly bench: "pool";
  readonly machine: Machine;
  readonly options: PoolOptions;
  /** From the start of the program until all are online. */
  readonly startMs: number;
  /** What one account takes, of the process with all and the one with none. */
  readonly perAccount: Memory;
  readonly process: Memory;
  /** Part of one core that the program takes with nothing to do. */
  readonly idleCpu: number;
  readonly storm: Storm;
  readonly trouble: TroubleReport;
}

/** What a server sees that comes back after an outage. */
export interface Storm {
  /** From its coming back until the last account is connected. */
  readonly allBackMs: number;
  /** New connections in the busiest tenth of a second; all at once would be as many as there are accounts. */
  readonly mostInTenth: number;
  /** New connections over the whole time; more than accounts are those that were tried in vain. */
  readonly opened: number;
}

const tenthMs = 100;

/** How many accounts one process bears, and what it does to a server that comes back. */
export async function benchPool(options: PoolOptions): Promise<PoolReport> {
  const { accounts, idleMs = 10_000, restMs = 3_000 } = options;
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-bench-"));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const emulator = made.use(new BenchProcess<EmulatorFace>("emulator-process.ts"));
  const target = await emulator.call("start", null);
  const phones = Array.from(
    { length: accounts },
    (_, index) => `+9996630${index.toString().padStart(4, "0")}`,
  );
  for (const phone of phones) await emulator.call("createOwner", { phone, chats: 2 });
  const none = await memoryOfNone(target, restMs);
  {
    await using login = new BenchProcess<OurFace>("ours-process.ts");
    await login.call("prepare", { folder });
    await login.call("connect", { target, phones });
    await login.call("close", null);
  }
  const client = made.use(new BenchProcess<OurFace>("ours-process.ts"));
  await client.call("prepare", { folder });
  const startedAtMs = performance.now();
  await client.call("connect", { target, phones });
  const startMs = performance.now() - startedAtMs;
  await Bun.sleep(restMs);
  const memory = await client.call("memory", null);
  const idleCpu = await client.call("idleCpu", { forMs: idleMs });
  const storm = await stormOf(emulator, options);
  const { messagesEach = 10 } = options;
  const trouble = await benchTrouble(client, emulator, { phones, messagesEach });
  await client.call("close", null);
  const perAccount = {
    rssBytes: (memory.rssBytes - none.rssBytes) / accounts,
    heapBytes: (memory.heapBytes - none.heapBytes) / accounts,
  };
  return {
    ...{ bench: "pool", machine: machine(), options },
    ...{ startMs, perAccount, process: memory, idleCpu, storm, trouble },
  };
}

async function memoryOfNone(target: Target, restMs: number): Promise<Memory> {
  await using client = new BenchProcess<OurFace>("ours-process.ts");
  await client.call("connect", { target, phones: [] });
  await Bun.sleep(restMs);
  const memory = await client.call("memory", null);
  await client.call("close", null);
  return memory;
}

async function stormOf(
  emulator: BenchProcess<EmulatorFace>,
  { accounts, outageMs }: PoolOptions,
): Promise<Storm> {
  await emulator.call("halt", null);
  await Bun.sleep(outageMs);
  const { opened: before } = await emulator.call("connections", null);
  const startedAtMs = performance.now();
  await emulator.call("resume", null);
  let mostInTenth = 0;
  for (let last = before; ; ) {
    await Bun.sleep(tenthMs);
    const { open, opened } = await emulator.call("connections", null);
    mostInTenth = Math.max(mostInTenth, opened - last);
    last = opened;
    if (open >= accounts) {
      return { allBackMs: performance.now() - startedAtMs, mostInTenth, opened: opened - before };
    }
  }
}
