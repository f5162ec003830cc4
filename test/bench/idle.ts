import type { ClientFace, Memory } from "./client-face.ts";
import type { EmulatorFace } from "./emulator-process.ts";
import { BenchProcess } from "./ipc.ts";
import { type Machine, machine } from "./machine.ts";
import { type Spread, spreadOf } from "./spread.ts";

export interface IdleOptions {
  /** The most accounts of one process. */
  readonly accounts: number;
  readonly rounds: number;
}

/** Memory of one side, in bytes. */
export interface SideMemory {
  /** Process with 0, 1, and all accounts. */
  readonly steps: readonly { readonly accounts: number; readonly rss: Spread; readonly heap: Spread }[];
  /** From the first account to the last: what one more costs. */
  readonly perAccount: { readonly rss: Spread; readonly heap: Spread };
}

export interface IdleReport {
  readonly bench: "idle";
  readonly machine: Machine;
  readonly options: IdleOptions;
  readonly ours: SideMemory;
  readonly gramjs: SideMemory;
}

/** Time for what a login leaves behind to be let go. */
const restMs = 2_000;

/** Memory of a process whose accounts are connected and have nothing to do; a new process for each figure. */
export async function benchIdle(options: IdleOptions): Promise<IdleReport> {
  const rounds: { readonly ours: Memory[]; readonly gramjs: Memory[] }[] = [];
  const steps = [0, 1, options.accounts];
  for (let round = 0; round < options.rounds; round++) {
    const ours: Memory[] = [];
    const gramjs: Memory[] = [];
    for (const accounts of steps) {
      ours.push(await measure("ours-process.ts", accounts));
      gramjs.push(await measure("gramjs-process.ts", accounts));
    }
    rounds.push({ ours, gramjs });
  }
  const sideOf = (side: "ours" | "gramjs") =>
    memoryOf(
      steps,
      rounds.map((round) => round[side]),
    );
  return { bench: "idle", machine: machine(), options, ours: sideOf("ours"), gramjs: sideOf("gramjs") };
}

async function measure(file: string, accounts: number): Promise<Memory> {
  await using emulator = new BenchProcess<EmulatorFace>("emulator-process.ts");
  await using client = new BenchProcess<ClientFace>(file);
  const target = await emulator.call("start", null);
  const phones = Array.from(
    { length: accounts },
    (_, index) => `+99966300${index.toString().padStart(2, "0")}`,
  );
  for (const phone of phones) await emulator.call("createOwner", { phone, chats: 10 });
  await client.call("connect", { target, phones });
  await Bun.sleep(restMs);
  const memory = await client.call("memory", null);
  await client.call("close", null);
  return memory;
}

function memoryOf(steps: readonly number[], rounds: readonly (readonly Memory[])[]): SideMemory {
  const [, one = 0, all = 0] = steps;
  const spread = (key: keyof Memory, step: number) =>
    spreadOf(rounds.map((round) => round[step]?.[key] ?? Number.NaN));
  const more = (key: keyof Memory) =>
    spreadOf(rounds.map(([, first, last]) => ((last?.[key] ?? 0) - (first?.[key] ?? 0)) / (all - one)));
  return {
    steps: steps.map((accounts, step) => ({
      accounts,
      rss: spread("rssBytes", step),
      heap: spread("heapBytes", step),
    })),
    perAccount: { rss: more("rssBytes"), heap: more("heapBytes") },
  };
}
