import { seededRandom } from "./seeded-random.ts";

/** One thing that the run does to the world or to the program. */
export type Step =
  /** Someone writes message `number` into the chat; with `fatal` the program kills itself while it handles it. */
  | {
      readonly kind: "send";
      readonly number: number;
      readonly chat: number;
      readonly fatal: FatalMoment | null;
    }
  /** SIGKILL from outside, `delayMs` after the step before. */
  | { readonly kind: "kill"; readonly delayMs: number }
  /** Every connection of the owner is cut. */
  | { readonly kind: "drop" }
  /** `channel` counts the supergroups and channels of the run; it may be past their number. */
  | { readonly kind: "fault"; readonly fault: Fault; readonly channel: number };

/** Where in a handler the program dies: before it answers, or after it answered and before the event is acknowledged. */
export type FatalMoment = "before-reply" | "before-acknowledgement";

/** A fault that the emulator is told of: a route of its control, and what to post there. */
export interface Fault {
  readonly path: `/faults/${string}`;
  readonly body: Readonly<Record<string, string | number>>;
  /** Whether it is about one channel, which the step then names. */
  readonly isOfChannel?: boolean;
}

export interface PlanOptions {
  readonly messages: number;
  readonly seed: number;
  readonly chats: number;
  /** Times that the program is killed, from outside or by a fatal message. */
  readonly kills: number;
  readonly drops: number;
  readonly faults: number;
}

const internal = { errorCode: 500, errorMessage: "RPC_CALL_FAIL" };

/** All that goes wrong by itself; what a person does (a login code that is old) is left out. */
const faults: readonly Fault[] = [
  { path: "/faults/flood-wait", body: { method: "messages.sendMessage", seconds: 1 } },
  { path: "/faults/flood-wait", body: { method: "updates.getDifference", seconds: 1 } },
  { path: "/faults/rpc-error", body: { method: "messages.sendMessage", ...internal } },
  { path: "/faults/rpc-error", body: { method: "updates.getDifference", ...internal } },
  { path: "/faults/rpc-error", body: { method: "updates.getChannelDifference", ...internal } },
  { path: "/faults/drop-on-call", body: { method: "messages.sendMessage" } },
  { path: "/faults/drop-on-call", body: { method: "updates.getDifference" } },
  { path: "/faults/drop-on-call", body: { method: "updates.getChannelDifference" } },
  { path: "/faults/pushes", body: { effect: "drop", times: 3 } },
  { path: "/faults/pushes", body: { effect: "repeat", times: 3 } },
  { path: "/faults/pushes", body: { effect: "reverse", times: 3 } },
  { path: "/faults/pushes", body: { effect: "too-long", times: 1 } },
  { path: "/faults/pushes", body: { effect: "unknown", times: 1 } },
  { path: "/faults/differences", body: { effect: "outdated", times: 2 }, isOfChannel: true },
  { path: "/faults/differences", body: { effect: "history-failed", times: 2 }, isOfChannel: true },
  { path: "/faults/differences", body: { effect: "too-long", times: 1 }, isOfChannel: true },
  { path: "/faults/differences", body: { effect: "too-long", times: 1 } },
  { path: "/faults/difference-slices", body: { entries: 3 } },
  { path: "/faults/break-frame", body: { how: "cut" } },
  { path: "/faults/break-frame", body: { how: "corrupt" } },
  { path: "/faults/refuse-connections", body: { code: -429, times: 1 } },
  { path: "/faults/replace-salts", body: {} },
  { path: "/faults/slow-connections", body: { bytesPerSecond: 20_000 } },
];

/** What a run does, in order; the same for the same options. */
export function planOf({
  messages,
  seed,
  chats,
  kills,
  drops,
  faults: faultCount,
}: PlanOptions): readonly Step[] {
  const random = seededRandom(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const disturbances = new Map<number, Step[]>();
  const disturb = (step: Step): void => {
    // Not in the first messages, so that a program stands that can be disturbed.
    const at = 5 + pick(Math.max(1, messages - 10));
    disturbances.set(at, [...(disturbances.get(at) ?? []), step]);
  };
  const fatal = new Map<number, FatalMoment>();
  for (let index = 0; index < kills; index++) {
    if (index % 2 === 0) disturb({ kind: "kill", delayMs: pick(200) });
    else
      fatal.set(
        5 + pick(Math.max(1, messages - 10)),
        index % 4 === 1 ? "before-acknowledgement" : "before-reply",
      );
  }
  for (let index = 0; index < drops; index++) disturb({ kind: "drop" });
  for (let index = 0; index < faultCount; index++) {
    const fault = faults[pick(faults.length)];
    if (fault !== undefined) disturb({ kind: "fault", fault, channel: pick(64) });
  }
  return Array.from({ length: messages }, (_, number): Step[] => [
    { kind: "send", number, chat: pick(chats), fatal: fatal.get(number) ?? null },
    ...(disturbances.get(number) ?? []),
  ]).flat();
}
