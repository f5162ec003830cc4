import { RpcError } from "../methods/rpc.ts";
import type { PeerId } from "./peer-id.ts";

/** What a difference is answered by: that there is too much, or an error by which Telegram says that it cannot now. */
export type DifferenceEffect = "too-long" | "outdated" | "history-failed";

export interface DifferenceFault {
  /** @default everyone */
  readonly userId?: PeerId | undefined;
  /** The channel whose difference meets it; without one it is the account's own. */
  readonly chatId?: PeerId | undefined;
  readonly effect: DifferenceEffect;
  /** Differences that meet it. */
  readonly times: number;
}

/** Entries of one difference: core.telegram.org does not say how many; this is what a client has to bear. */
export const usualSliceEntries = 1000;
const maxFaults = 10_000;

/** The faults that wait for a difference. */
export class DifferenceFaults {
  /** The most entries that an account's difference tells at once. */
  sliceEntries = usualSliceEntries;
  #armed: { readonly fault: DifferenceFault; left: number }[] = [];

  add(fault: DifferenceFault): void {
    if (this.#armed.length >= maxFaults) throw new RpcError(400, "FAULTS_TOO_MANY");
    this.#armed.push({ fault, left: fault.times });
  }

  clear(): void {
    this.#armed = [];
    this.sliceEntries = usualSliceEntries;
  }

  /**
   * Whether the difference has to be too long.
   *
   * @throws {RpcError} `PERSISTENT_TIMESTAMP_OUTDATED` or `HISTORY_GET_FAILED`
   */
  meet(userId: PeerId, chatId?: PeerId): boolean {
    const armed = this.#armed.find(
      ({ fault }) => (fault.userId === undefined || fault.userId === userId) && fault.chatId === chatId,
    );
    if (armed === undefined) return false;
    armed.left -= 1;
    if (armed.left <= 0) this.#armed.splice(this.#armed.indexOf(armed), 1);
    const { effect } = armed.fault;
    switch (effect) {
      case "too-long":
        return true;
      case "outdated":
        throw new RpcError(500, "PERSISTENT_TIMESTAMP_OUTDATED");
      case "history-failed":
        throw new RpcError(500, "HISTORY_GET_FAILED");
      default:
        return effect satisfies never;
    }
  }
}
