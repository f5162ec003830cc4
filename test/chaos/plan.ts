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
  | { readonly kind: "fault"; readonly fault: Fault };

/** Where in a handler the program dies: before it answers, or after it answered and before the event is acknowledged. */
export type FatalMoment = "before-reply" | "before-acknowledgement";

/** A fault that the emulator is told of. */
export type Fault =
  | {
      readonly path: "/faults/flood-wait";
      readonly method: string;
      readonly seconds: number;
      readonly times: number;
    }
  | {
      readonly path: "/faults/rpc-error";
      readonly method: string;
      readonly errorCode: number;
      readonly errorMessage: string;
      readonly times: number;
    }
  | { readonly path: "/faults/drop-on-call"; readonly method: string; readonly times: number };

export interface PlanOptions {
  readonly messages: number;
  readonly seed: number;
  readonly chats: number;
  /** Times that the program is killed, from outside or by a fatal message. */
  readonly kills: number;
  readonly drops: number;
  readonly faults: number;
}

const faults: readonly Fault[] = [
  { path: "/faults/flood-wait", method: "messages.sendMessage", seconds: 1, times: 1 },
  { path: "/faults/flood-wait", method: "updates.getDifference", seconds: 1, times: 1 },
  {
    path: "/faults/rpc-error",
    method: "messages.sendMessage",
    errorCode: 500,
    errorMessage: "RPC_CALL_FAIL",
    times: 1,
  },
  {
    path: "/faults/rpc-error",
    method: "updates.getDifference",
    errorCode: 500,
    errorMessage: "RPC_CALL_FAIL",
    times: 1,
  },
  {
    path: "/faults/rpc-error",
    method: "updates.getChannelDifference",
    errorCode: 500,
    errorMessage: "PERSISTENT_TIMESTAMP_OUTDATED",
    times: 1,
  },
  { path: "/faults/drop-on-call", method: "messages.sendMessage", times: 1 },
  { path: "/faults/drop-on-call", method: "updates.getDifference", times: 1 },
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
    if (fault !== undefined) disturb({ kind: "fault", fault });
  }
  return Array.from({ length: messages }, (_, number): Step[] => [
    { kind: "send", number, chat: pick(chats), fatal: fatal.get(number) ?? null },
    ...(disturbances.get(number) ?? []),
  ]).flat();
}
