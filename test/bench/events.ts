import type { ClientFace } from "./client-face.ts";
import type { EmulatorFace } from "./emulator-process.ts";
import { BenchProcess } from "./ipc.ts";
import { type Machine, machine } from "./machine.ts";
import { preciseNowMs } from "./payload.ts";
import { type Percentiles, percentilesOf, type Spread, spreadOf } from "./spread.ts";
import type { Receipts } from "./tally.ts";

export interface EventsOptions {
  /** Sent at once in each turn. */
  readonly messages: number;
  /** Turns of each side that are counted; one more warms up. */
  readonly rounds: number;
  readonly chats: number;
  readonly seed: number;
  /** Sent one by one in each turn, for the latency. */
  readonly latencyMessages: number;
  /** Flags of Bun for our side alone, such as `--cpu-prof`. @default none */
  readonly ourFlags?: readonly string[];
}

/** One figure of both sides; the ratio is taken round by round. */
export interface Comparison {
  readonly ours: Spread;
  readonly gramjs: Spread;
  readonly ratio: Spread;
}

/** What became of the messages of all rounds. */
export interface DeliveryCounts {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly repeated: number;
  readonly misordered: number;
}

export interface EventsReport {
  readonly bench: "events";
  readonly machine: Machine;
  readonly options: EventsOptions;
  readonly updatesPerSecond: Comparison;
  readonly cpuMicrosecondsPerUpdate: Comparison;
  readonly latency: { readonly perSecond: number; readonly ours: Percentiles; readonly gramjs: Percentiles };
  readonly delivery: { readonly ours: DeliveryCounts; readonly gramjs: DeliveryCounts };
}

const latencyPerSecond = 200;

type SideName = "ours" | "gramjs";

interface Side {
  readonly client: BenchProcess<ClientFace>;
  readonly phone: string;
  readonly perSecond: number[];
  readonly cpuMicros: number[];
  readonly latenciesMs: number[];
  sent: number;
  readonly receipts: Receipts[];
}

/**
 * Messages from an emulator's socket to a plugin's handler of the real program, beside npm `telegram` with a `NewMessage`
 * handler. Each has a process and an account of its own; they take turns, the first turn of each is not counted. While
 * the messages of a turn are made, the client is stopped, so that the emulator's work is in no figure.
 */
export async function benchEvents(options: EventsOptions): Promise<EventsReport> {
  await using processes = new AsyncDisposableStack();
  const emulator = processes.use(new BenchProcess<EmulatorFace>("emulator-process.ts"));
  const target = await emulator.call("start", null);
  const join = async (file: string, phone: string, flags?: readonly string[]): Promise<Side> => {
    const client = processes.use(new BenchProcess<ClientFace>(file, flags));
    await emulator.call("createOwner", { phone, chats: options.chats });
    await client.call("connect", { target, phones: [phone] });
    return { client, phone, perSecond: [], cpuMicros: [], latenciesMs: [], sent: 0, receipts: [] };
  };
  const sides: Readonly<Record<SideName, Side>> = {
    ours: await join("ours-process.ts", "+9996620001", options.ourFlags),
    gramjs: await join("gramjs-process.ts", "+9996620002"),
  };

  for (let round = 0; round <= options.rounds; round++) {
    const seed = options.seed + round;
    for (const side of Object.values(sides)) await takeTurn(emulator, side, { ...options, seed }, round > 0);
  }
  for (const { client } of Object.values(sides)) await client.call("close", null);

  const { ours, gramjs } = sides;
  return {
    bench: "events",
    machine: machine(),
    options,
    updatesPerSecond: compare(ours.perSecond, gramjs.perSecond),
    cpuMicrosecondsPerUpdate: compare(ours.cpuMicros, gramjs.cpuMicros),
    latency: {
      perSecond: latencyPerSecond,
      ours: percentilesOf(ours.latenciesMs),
      gramjs: percentilesOf(gramjs.latenciesMs),
    },
    delivery: { ours: deliveryOf(ours), gramjs: deliveryOf(gramjs) },
  };
}

/** One turn of one side: all at once, then at a modest rate. */
async function takeTurn(
  emulator: BenchProcess<EmulatorFace>,
  side: Side,
  { messages, latencyMessages, seed }: EventsOptions,
  isCounted: boolean,
): Promise<void> {
  const { client, phone } = side;
  await client.call("expect", { count: messages });
  client.pause();
  await emulator.call("send", { phone, count: messages, seed });
  const startedAtMs = preciseNowMs();
  client.resume();
  const rush = await client.call("settled", { withLatencies: false });
  note(side, messages, rush);

  await client.call("expect", { count: latencyMessages });
  await emulator.call("send", { phone, count: latencyMessages, seed, perSecond: latencyPerSecond });
  const trickle = await client.call("settled", { withLatencies: true });
  note(side, latencyMessages, trickle);

  if (!isCounted) return;
  side.perSecond.push((rush.received / (rush.lastAtMs - startedAtMs)) * 1_000);
  side.cpuMicros.push((rush.cpuMs / rush.received) * 1_000);
  side.latenciesMs.push(...trickle.latenciesMs);
}

function note(side: Side, sent: number, receipts: Receipts): void {
  side.sent += sent;
  side.receipts.push(receipts);
}

function deliveryOf({ sent, receipts }: Side): DeliveryCounts {
  const sum = (key: "received" | "repeated" | "misordered") =>
    receipts.reduce((total, round) => total + round[key], 0);
  const received = sum("received");
  return {
    sent,
    received,
    lost: sent - received,
    repeated: sum("repeated"),
    misordered: sum("misordered"),
  };
}

function compare(ours: readonly number[], gramjs: readonly number[]): Comparison {
  const ratios = ours.map((value, round) => value / (gramjs[round] ?? Number.NaN));
  return { ours: spreadOf(ours), gramjs: spreadOf(gramjs), ratio: spreadOf(ratios) };
}
