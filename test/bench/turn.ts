import type { ClientFace } from "./client-face.ts";
import { preciseNowMs } from "./counting/payload.ts";
import type { Receipts } from "./counting/tally.ts";
import type { EmulatorFace } from "./emulator-process.ts";
import type { BenchProcess } from "./ipc.ts";

/** One of those that take turns at the same work, and its figures. */
export interface Side {
  readonly client: BenchProcess<ClientFace>;
  readonly phone: string;
  readonly perSecond: number[];
  readonly cpuMicros: number[];
  readonly latenciesMs: number[];
  sent: number;
  readonly receipts: Receipts[];
}

/** How much is sent in a turn. */
export interface TurnOptions {
  /** Sent at once. */
  readonly messages: number;
  /** Sent one by one, for the latency. */
  readonly latencyMessages: number;
  readonly seed: number;
}

/** The modest rate of what is sent one by one. */
export const latencyPerSecond = 200;

/** Has a side log in and listen. */
export async function joinIn(
  client: BenchProcess<ClientFace>,
  phone: string,
  target: Parameters<ClientFace["connect"]>[0]["target"],
): Promise<Side> {
  await client.call("connect", { target, phones: [phone] });
  return { client, phone, perSecond: [], cpuMicros: [], latenciesMs: [], sent: 0, receipts: [] };
}

/** One turn of one side: all at once, then at a modest rate. */
export async function takeTurn(
  emulator: BenchProcess<EmulatorFace>,
  side: Side,
  { messages, latencyMessages, seed }: TurnOptions,
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
