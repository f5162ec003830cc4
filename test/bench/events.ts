import type { ClientFace, OurFace } from "./client-face.ts";
import { type DeliveryCounts, deliveryOf } from "./delivery.ts";
import type { EmulatorFace } from "./emulator-process.ts";
import { BenchProcess } from "./ipc.ts";
import { type Machine, machine } from "./machine.ts";
import { type Percentiles, percentilesOf, type Spread, spreadOf } from "./spread.ts";
import { joinIn, latencyPerSecond, type Side, takeTurn } from "./turn.ts";

export interface EventsOptions {
  /** Sent at once in each turn. */
  readonly messages: number;
  /** Turns of each side that are counted; one more warms up. */
  readonly rounds: number;
  readonly chats: number;
  readonly seed: number;
  /** Sent one by one in each turn, for the latency. */
  readonly latencyMessages: number;
  /** Flags of Bun for our side with the journal alone, such as `--cpu-prof`. @default none */
  readonly ourFlags?: readonly string[];
}

/** Ours with the journal, ours with `journal.enabled: false`, and npm `telegram`. */
export type SideName = "journal" | "straight" | "gramjs";

/** One figure of all sides; the ratios are taken round by round. */
export interface Comparison {
  readonly sides: Readonly<Record<SideName, Spread>>;
  readonly journalToStraight: Spread;
  readonly journalToGramjs: Spread;
  readonly straightToGramjs: Spread;
}

export interface EventsReport {
  readonly bench: "events";
  readonly machine: Machine;
  readonly options: EventsOptions;
  readonly updatesPerSecond: Comparison;
  readonly cpuMicrosecondsPerUpdate: Comparison;
  readonly latency: { readonly perSecond: number; readonly sides: Readonly<Record<SideName, Percentiles>> };
  readonly delivery: Readonly<Record<SideName, DeliveryCounts>>;
}

/**
 * Messages from an emulator's socket to a plugin's handler of the real program, with its journal and without, beside npm
 * `telegram` with a `NewMessage` handler. Each has a process and an account of its own; they take turns, the first turn of each is not counted. While
 * the messages of a turn are made, the client is stopped, so that the emulator's work is in no figure.
 */
export async function benchEvents(options: EventsOptions): Promise<EventsReport> {
  await using processes = new AsyncDisposableStack();
  const emulator = processes.use(new BenchProcess<EmulatorFace>("emulator-process.ts"));
  const target = await emulator.call("start", null);
  const sideOf = async (client: BenchProcess<ClientFace>, phone: string): Promise<Side> => {
    await emulator.call("createOwner", { phone, chats: options.chats });
    return joinIn(client, phone, target);
  };
  const ours = async (phone: string, journal: boolean): Promise<Side> => {
    const flags = journal ? options.ourFlags : undefined;
    const client = processes.use(new BenchProcess<OurFace>("ours-process.ts", flags));
    await client.call("prepare", { journal });
    return sideOf(client, phone);
  };
  const bare = processes.use(new BenchProcess<ClientFace>("gramjs-process.ts"));
  const sides: Readonly<Record<SideName, Side>> = {
    journal: await ours("+9996620001", true),
    straight: await ours("+9996620002", false),
    gramjs: await sideOf(bare, "+9996620003"),
  };

  for (let round = 0; round <= options.rounds; round++) {
    const seed = options.seed + round;
    for (const side of Object.values(sides)) await takeTurn(emulator, side, { ...options, seed }, round > 0);
  }
  for (const { client } of Object.values(sides)) await client.call("close", null);

  return {
    bench: "events",
    machine: machine(),
    options,
    updatesPerSecond: compare(sides, ({ perSecond }) => perSecond),
    cpuMicrosecondsPerUpdate: compare(sides, ({ cpuMicros }) => cpuMicros),
    latency: {
      perSecond: latencyPerSecond,
      sides: ofEach(sides, ({ latenciesMs }) => percentilesOf(latenciesMs)),
    },
    delivery: ofEach(sides, deliveryOf),
  };
}

function compare(sides: Readonly<Record<SideName, Side>>, of: (side: Side) => readonly number[]): Comparison {
  const { journal, straight, gramjs } = ofEach(sides, of);
  const ratio = (upper: readonly number[], lower: readonly number[]) =>
    spreadOf(upper.map((value, round) => value / (lower[round] ?? Number.NaN)));
  return {
    sides: { journal: spreadOf(journal), straight: spreadOf(straight), gramjs: spreadOf(gramjs) },
    journalToStraight: ratio(journal, straight),
    journalToGramjs: ratio(journal, gramjs),
    straightToGramjs: ratio(straight, gramjs),
  };
}

function ofEach<From, To>(
  { journal, straight, gramjs }: Readonly<Record<SideName, From>>,
  make: (from: From) => To,
): Readonly<Record<SideName, To>> {
  return { journal: make(journal), straight: make(straight), gramjs: make(gramjs) };
}
