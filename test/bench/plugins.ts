import type { GuestMemory, OurFace, PluginStarts } from "./client-face.ts";
import { type DeliveryCounts, deliveryOf } from "./delivery.ts";
import type { EmulatorFace } from "./emulator-process.ts";
import { BenchProcess } from "./ipc.ts";
import { type Machine, machine } from "./machine.ts";
import { type Percentiles, percentilesOf, type Spread, spreadOf } from "./spread.ts";
import { joinIn, latencyPerSecond, type Side, takeTurn } from "./turn.ts";

export interface PluginsOptions {
  /** Sent at once in each turn. */
  readonly messages: number;
  /** Turns of each side that are counted; one more warms up. */
  readonly rounds: number;
  readonly chats: number;
  readonly seed: number;
  /** Sent one by one in each turn, for the latency. */
  readonly latencyMessages: number;
  /** Stops and starts of the plugin, each side. */
  readonly starts: number;
  readonly journal: boolean;
  /** Flags of Bun for the program whose plugin has a process of its own, such as `--cpu-prof`. @default none */
  readonly ourFlags?: readonly string[];
}

/** A plugin in a held process of its own, and the same one in the program's. */
export type IsolationName = "sandboxed" | "inline";

/** One figure of both; the ratio is taken round by round. */
export interface IsolationComparison {
  readonly sides: Readonly<Record<IsolationName, Spread>>;
  readonly sandboxedToInline: Spread;
}

export interface PluginsReport {
  readonly bench: "plugins";
  readonly machine: Machine;
  readonly options: PluginsOptions;
  readonly updatesPerSecond: IsolationComparison;
  /** Of both processes together. */
  readonly cpuMicrosecondsPerUpdate: IsolationComparison;
  readonly latency: {
    readonly perSecond: number;
    readonly sides: Readonly<Record<IsolationName, Percentiles>>;
  };
  readonly inspectMs: Spread;
  readonly startMs: Readonly<Record<IsolationName, Spread>>;
  readonly reloadMs: Readonly<Record<IsolationName, Spread>>;
  /** RSS of the program after a tenth of the starts and reloads, and after all. */
  readonly programBytes: Readonly<
    Record<IsolationName, { readonly settled: number; readonly reloaded: number }>
  >;
  /** Of the plugin's process, when all is done. */
  readonly memory: GuestMemory;
  readonly delivery: Readonly<Record<IsolationName, DeliveryCounts>>;
}

type OurSide = Side & { readonly client: BenchProcess<OurFace> };

/**
 * Messages from an emulator's socket to a plugin's handler, once in a held process of its own and once in the program's,
 * as two programs that take turns; then starts of the plugin, and what its process takes.
 */
export async function benchPlugins(options: PluginsOptions): Promise<PluginsReport> {
  await using processes = new AsyncDisposableStack();
  const emulator = processes.use(new BenchProcess<EmulatorFace>("emulator-process.ts"));
  const target = await emulator.call("start", null);
  const { journal, messages, latencyMessages, ourFlags } = options;
  const sandboxedRounds = Array.from({ length: options.rounds + 1 }, () => [
    messages,
    latencyMessages,
  ]).flat();
  const side = async (phone: string, isSandboxed: boolean): Promise<OurSide> => {
    const client = processes.use(
      new BenchProcess<OurFace>("ours-process.ts", isSandboxed ? ourFlags : undefined),
    );
    await client.call("prepare", { journal, ...(isSandboxed && { sandboxedRounds }) });
    await emulator.call("createOwner", { phone, chats: options.chats });
    return { ...(await joinIn(client, phone, target)), client };
  };
  const sides: Readonly<Record<IsolationName, OurSide>> = {
    sandboxed: await side("+9996620001", true),
    inline: await side("+9996620002", false),
  };

  for (let round = 0; round <= options.rounds; round++) {
    const turn = { messages, latencyMessages, seed: options.seed + round };
    for (const each of Object.values(sides)) await takeTurn(emulator, each, turn, round > 0);
  }
  const memory = await sides.sandboxed.client.call("guestMemory", null);
  const starts: Readonly<Record<IsolationName, PluginStarts>> = {
    sandboxed: await sides.sandboxed.client.call("startAgain", { count: options.starts }),
    inline: await sides.inline.client.call("startAgain", { count: options.starts }),
  };
  for (const { client } of Object.values(sides)) await client.call("close", null);

  return {
    bench: "plugins",
    machine: machine(),
    options,
    updatesPerSecond: compare(sides, ({ perSecond }) => perSecond),
    cpuMicrosecondsPerUpdate: compare(sides, ({ cpuMicros }) => cpuMicros),
    latency: {
      perSecond: latencyPerSecond,
      sides: ofEach(sides, ({ latenciesMs }) => percentilesOf(latenciesMs)),
    },
    inspectMs: spreadOf(starts.sandboxed.inspectMs),
    startMs: ofEach(starts, ({ startMs }) => spreadOf(startMs)),
    reloadMs: ofEach(starts, ({ reloadMs }) => spreadOf(reloadMs)),
    programBytes: ofEach(starts, ({ settledBytes: settled, reloadedBytes: reloaded }) => ({
      settled,
      reloaded,
    })),
    memory,
    delivery: ofEach(sides, deliveryOf),
  };
}

function compare(
  sides: Readonly<Record<IsolationName, OurSide>>,
  of: (side: OurSide) => readonly number[],
): IsolationComparison {
  const { sandboxed, inline } = ofEach(sides, of);
  return {
    sides: { sandboxed: spreadOf(sandboxed), inline: spreadOf(inline) },
    sandboxedToInline: spreadOf(sandboxed.map((value, round) => value / (inline[round] ?? Number.NaN))),
  };
}

function ofEach<Value, T>(
  { sandboxed, inline }: Readonly<Record<IsolationName, Value>>,
  of: (value: Value) => T,
): Readonly<Record<IsolationName, T>> {
  return { sandboxed: of(sandboxed), inline: of(inline) };
}
