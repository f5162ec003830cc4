import type { BrokenFrame, HandshakeRefusal } from "../methods/wire-port.ts";
import type { DifferenceEffect } from "./difference-faults.ts";
import type { WaitName } from "./faults.ts";
import type { PushEffect } from "./push-faults.ts";
import { phoneDigits, type WorldState } from "./world-state.ts";

/** For whom, which method, and how often. */
export interface FaultTarget {
  /** @default everyone */
  readonly userId?: string | undefined;
  /** A TL method, `messages.sendMessage`, or `*`. */
  readonly method: string;
  /** Calls that meet it. @default 1 */
  readonly times?: number | undefined;
  /** Calls that go by before it begins. @default 0 */
  readonly after?: number | undefined;
  /** Part of the calls that meet it, 0 to 1, by the seed. @default 1 */
  readonly chance?: number | undefined;
}

/** What tests make go wrong. */
export interface WorldFaults {
  /**
   * The next calls are answered by a wait, `FLOOD_WAIT` where no other is named, and those before it is over by what is
   * left of it; a slow mode ends with its answer.
   */
  floodWait(fault: FaultTarget & { readonly seconds: number; readonly name?: WaitName | undefined }): void;
  rpcError(fault: FaultTarget & { readonly errorCode: number; readonly errorMessage: string }): void;
  /** The next calls find their connection cut before an answer, and are carried out or not. */
  dropOnCall(
    fault: FaultTarget & {
      /** @default false */
      readonly isCarriedOut?: boolean | undefined;
    },
  ): void;
  /** Begins the run of chance anew. @default 0 */
  seed(seed: number): void;
  /** Cuts the open connections of one person, or of everyone who is signed in. */
  dropConnections(userId?: string): void;
  /** Open connections are no longer read or written, and not closed either, as when a cable is cut. */
  silenceConnections(userId?: string): void;
  /** Open connections get so many bytes a second at most. */
  slowConnections(bytesPerSecond: number, userId?: string): void;
  /** The next frame to each open connection is cut in its middle, or has a bit turned, so that its checksum is wrong. */
  breakFrame(how: BrokenFrame, userId?: string): void;
  /**
   * The next connections, to one port or to all, hear a transport error: -404 for an unknown key, -429 for too many
   * connections.
   */
  refuseConnections(code: -404 | -429, times?: number, port?: number): void;
  /** The next key exchanges end by `dh_gen_retry` or `dh_gen_fail`. */
  refuseHandshakes(how: HandshakeRefusal, times?: number): void;
  /** The next message of each session is answered by `bad_server_salt`. */
  replaceSalts(userId?: string): void;
  /** Sets how far ahead of the clients the server's clock is; message ids, dates, and waits go by it. */
  skewClock(aheadMs: number): void;
  /** The next pushes, one at least, never leave, or leave otherwise. */
  pushes(fault: {
    readonly userId?: string | undefined;
    readonly effect: PushEffect;
    readonly times?: number | undefined;
  }): void;
  /** The next differences of accounts, or of a channel, are too long or fail. */
  differences(fault: {
    readonly userId?: string | undefined;
    readonly chatId?: string | undefined;
    readonly effect: DifferenceEffect;
    readonly times?: number | undefined;
  }): void;
  /** An account's differences come in slices of so many entries. */
  differenceSlices(entries: number): void;
  expireFileReferences(): void;
  expireLoginCode(phone: string): void;
  /** Forgets the faults that have not met a call or a client, floods that last, and the skew of the clock. */
  clear(): void;
}

export function worldFaults(state: WorldState): WorldFaults {
  const idOf = (userId: string | undefined) =>
    userId === undefined ? undefined : state.person(Number(userId)).id;
  const target = ({ userId, method, times, after, chance }: FaultTarget) => ({
    method,
    times: times ?? 1,
    after,
    chance,
    userId: idOf(userId),
  });
  const signedInKeys = (userId: string | undefined): ReadonlySet<string> => {
    const authorizations = state.authorizations.list(userId === undefined ? undefined : Number(userId));
    return new Set(Array.from(authorizations, ({ authKeyId }) => authKeyId));
  };
  /** Everyone's connections count whether someone has signed in over them or not. */
  const whose = (userId: string | undefined) => (userId === undefined ? undefined : signedInKeys(userId));
  return {
    floodWait: ({ name = "FLOOD_WAIT", seconds, ...fault }) =>
      state.faults.add({ ...target(fault), effect: { kind: "flood-wait", name, seconds } }),
    rpcError: ({ errorCode, errorMessage, ...fault }) =>
      state.faults.add({ ...target(fault), effect: { kind: "error", errorCode, errorMessage } }),
    dropOnCall: ({ isCarriedOut = false, ...fault }) =>
      state.faults.add({
        ...target(fault),
        effect: { kind: isCarriedOut ? "drop-answer" : "drop-connection" },
      }),
    seed: (seed) => state.faults.seed(seed),
    dropConnections(userId) {
      for (const authKeyId of signedInKeys(userId)) state.push?.disconnect(authKeyId);
    },
    silenceConnections: (userId) => state.wire?.silence(whose(userId)),
    slowConnections: (bytesPerSecond, userId) => state.wire?.slow(bytesPerSecond, whose(userId)),
    breakFrame: (how, userId) => state.wire?.breakFrame(how, whose(userId)),
    refuseConnections: (code, times = 1, port) => state.wire?.refuseConnections(code, times, port),
    refuseHandshakes: (how, times = 1) => state.wire?.refuseHandshakes(how, times),
    replaceSalts: (userId) => state.wire?.replaceSalts(signedInKeys(userId)),
    skewClock(aheadMs) {
      state.clockSkewMs = aheadMs;
    },
    pushes: ({ userId, effect, times = 1 }) => state.pushFaults.add({ userId: idOf(userId), effect, times }),
    differences({ userId, chatId, effect, times = 1 }) {
      const channel = chatId === undefined ? undefined : state.chat(Number(chatId)).id;
      state.differenceFaults.add({ userId: idOf(userId), chatId: channel, effect, times });
    },
    differenceSlices(entries) {
      state.differenceFaults.sliceEntries = entries;
    },
    expireFileReferences: () => state.files.expireReferences(),
    expireLoginCode: (phone) => state.loginCodes.expire(phoneDigits(phone)),
    clear() {
      state.faults.clear();
      state.pushFaults.clear();
      state.differenceFaults.clear();
      state.wire?.clear();
      state.clockSkewMs = 0;
    },
  };
}
