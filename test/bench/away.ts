import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OurFace } from "./client-face.ts";
import { preciseNowMs } from "./counting/payload.ts";
import { type DeliveryCounts, deliveryOf } from "./delivery.ts";
import type { EmulatorFace } from "./emulator-process.ts";
import { BenchProcess } from "./ipc.ts";
import { type Machine, machine } from "./machine.ts";

export interface AwayOptions {
  /** Sent while the program is stopped. */
  readonly messages: number;
  /** Half of them people, half supergroups. */
  readonly chats: number;
  readonly channels: number;
  readonly seed: number;
  /** Flags of Bun for the program that catches up, such as `--cpu-prof`. @default none */
  readonly ourFlags?: readonly string[];
}

export interface AwayReport {
  readonly bench: "away";
  readonly machine: Machine;
  readonly options: AwayOptions;
  /** From the start of the process until the plugin had the last message. */
  readonly seconds: number;
  /** User and system time of the process meanwhile. */
  readonly cpuSeconds: number;
  /** The most resident memory that the process has had. */
  readonly peakRssBytes: number;
  readonly delivery: DeliveryCounts;
}

const phone = "+9996640001";
/** Room for a wait between two differences; what comes later counts as lost. */
const quietMs = 15_000;

/** A program that was stopped while messages came, and starts again: all of them go to its plugin. */
export async function benchAway(options: AwayOptions): Promise<AwayReport> {
  await using processes = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-bench-"));
  processes.defer(() => rm(folder, { recursive: true, force: true }));
  const emulator = processes.use(new BenchProcess<EmulatorFace>("emulator-process.ts"));
  const target = await emulator.call("start", null);
  const { messages, chats, channels, seed } = options;
  await emulator.call("createOwner", { phone, chats, channels });
  {
    await using before = new BenchProcess<OurFace>("ours-process.ts");
    await before.call("prepare", { folder });
    await before.call("connect", { target, phones: [phone] });
    await before.call("close", null);
  }
  await emulator.call("send", { phone, count: messages, seed });

  const startedAtMs = preciseNowMs();
  const client = processes.use(new BenchProcess<OurFace>("ours-process.ts", options.ourFlags));
  await client.call("prepare", { folder });
  await client.call("expect", { count: messages });
  await client.call("connect", { target, phones: [phone] });
  const receipts = await client.call("settled", { withLatencies: false, quietMs });
  const peakRssBytes = await client.call("peakRss", null);
  await client.call("close", null);
  return {
    bench: "away",
    machine: machine(),
    options,
    seconds: (receipts.lastAtMs - startedAtMs) / 1_000,
    cpuSeconds: receipts.cpuMs / 1_000,
    peakRssBytes,
    delivery: deliveryOf({ sent: messages, receipts: [receipts] }),
  };
}
