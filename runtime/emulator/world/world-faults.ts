import { phoneDigits, type WorldState } from "./world-state.ts";

/** For whom, which method, and how often. */
export interface FaultTarget {
  /** @default everyone */
  readonly userId?: string | undefined;
  /** A TL method, `messages.sendMessage`, or `*`. */
  readonly method: string;
  /** Calls that meet it. @default 1 */
  readonly times?: number | undefined;
}

/** What tests make go wrong. */
export interface WorldFaults {
  /** The next calls are answered by FLOOD_WAIT, and those before it is over by what is left of it. */
  floodWait(fault: FaultTarget & { readonly seconds: number }): void;
  rpcError(fault: FaultTarget & { readonly errorCode: number; readonly errorMessage: string }): void;
  /** The next calls find their connection cut before an answer. */
  dropOnCall(fault: FaultTarget): void;
  /** Cuts the open connections of one person, or of everyone who is signed in. */
  dropConnections(userId?: string): void;
  expireFileReferences(): void;
  expireLoginCode(phone: string): void;
  /** Forgets the faults that have not met a call, and floods that last. */
  clear(): void;
}

export function worldFaults(state: WorldState): WorldFaults {
  const target = ({ userId, method, times }: FaultTarget) => ({
    method,
    times: times ?? 1,
    userId: userId === undefined ? undefined : state.person(Number(userId)).id,
  });
  return {
    floodWait: (fault) =>
      state.faults.add({ ...target(fault), effect: { kind: "flood-wait", seconds: fault.seconds } }),
    rpcError: (fault) =>
      state.faults.add({
        ...target(fault),
        effect: { kind: "error", errorCode: fault.errorCode, errorMessage: fault.errorMessage },
      }),
    dropOnCall: (fault) => state.faults.add({ ...target(fault), effect: { kind: "drop-connection" } }),
    dropConnections(userId) {
      const authorizations = state.authorizations.list(userId === undefined ? undefined : Number(userId));
      for (const { authKeyId } of [...authorizations]) state.push?.disconnect(authKeyId);
    },
    expireFileReferences: () => state.files.expireReferences(),
    expireLoginCode: (phone) => state.loginCodes.expire(phoneDigits(phone)),
    clear: () => state.faults.clear(),
  };
}
