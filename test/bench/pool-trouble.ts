import type { OurFace } from "./client-face.ts";
import type { Receipts } from "./counting/tally.ts";
import { type DeliveryCounts, deliveryOf } from "./delivery.ts";
import type { EmulatorFace } from "./emulator-process.ts";
import type { BenchProcess } from "./ipc.ts";
import { type Percentiles, percentilesOf } from "./spread.ts";

/** What the accounts that nothing ails get and do, in one phase. */
export interface PhaseReport {
  /** From sending to the handler, in milliseconds. */
  readonly updates: Percentiles;
  /** A message that each sends, from the call to its answer, in milliseconds. */
  readonly calls: Percentiles;
  readonly delivery: DeliveryCounts;
}

/** Accounts of one process of which three are in trouble. */
export interface TroubleReport {
  /** How the three stand meanwhile: the state, and whether Telegram wants it to wait. */
  readonly troubled: Readonly<Record<Ailment, { readonly state: string; readonly isFlooded: boolean }>>;
  readonly others: number;
  readonly quiet: PhaseReport;
  readonly trouble: PhaseReport;
  /** Changes of state of the others since before the trouble; 0 is wanted. */
  readonly stateChangesOfOthers: number;
}

export type Ailment = "loggedOut" | "flooded" | "dead";

/** One account logged out, one flooded, and one on a dead connection, beside others that go on. */
export interface TroubleOptions {
  readonly phones: readonly string[];
  /** Messages to each of the others in a phase. */
  readonly messagesEach: number;
}

/** All together; as many accounts have the time for a chat of each. */
const perSecond = 400;

export async function benchTrouble(
  client: BenchProcess<OurFace>,
  emulator: BenchProcess<EmulatorFace>,
  { phones, messagesEach }: TroubleOptions,
): Promise<TroubleReport> {
  const ailing = { loggedOut: 0, flooded: 1, dead: 2 };
  const well = phones.map((_, account) => account).slice(Object.keys(ailing).length);
  const phase = async (): Promise<PhaseReport> => {
    const sent = well.length * messagesEach;
    await client.call("expect", { count: sent });
    const to = well.map((account) => phones[account] ?? "");
    await emulator.call("sendToEach", { phones: to, messagesEach, perSecond });
    const receipts: Receipts = await client.call("settled", { withLatencies: true });
    const callsMs = await client.call("callEach", { accounts: well });
    return {
      updates: percentilesOf(receipts.latenciesMs),
      calls: percentilesOf(callsMs),
      delivery: deliveryOf({ sent, receipts: [receipts] }),
    };
  };

  // What is done for the first time, and after an outage, is no measure.
  await phase();
  const quiet = await phase();
  await client.call("watchStates", null);
  const phoneOf = (ailment: Ailment) => phones[ailing[ailment]] ?? "";
  await emulator.call("trouble", {
    loggedOut: phoneOf("loggedOut"),
    flooded: phoneOf("flooded"),
    dead: phoneOf("dead"),
  });
  await client.call("provoke", ailing);
  const trouble = await phase();
  const stands = await client.call("stands", null);
  const standOf = (ailment: Ailment) => {
    const { state = "missing", isFlooded = false } = stands[ailing[ailment]] ?? {};
    return { state, isFlooded };
  };
  return {
    troubled: { loggedOut: standOf("loggedOut"), flooded: standOf("flooded"), dead: standOf("dead") },
    others: well.length,
    quiet,
    trouble,
    stateChangesOfOthers: well.reduce((sum, account) => sum + (stands[account]?.changes ?? 0), 0),
  };
}
