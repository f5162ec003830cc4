import { RpcError } from "../methods/rpc.ts";
import type { PeerId } from "./peer-id.ts";

/** What goes wrong, for whom, and how often. */
export interface Fault {
  /** @default everyone */
  readonly userId?: PeerId | undefined;
  /** A TL method, or `*` for all. */
  readonly method: string;
  readonly effect:
    | { readonly kind: "error"; readonly errorCode: number; readonly errorMessage: string }
    | { readonly kind: "flood-wait"; readonly seconds: number }
    | { readonly kind: "drop-connection" };
  /** Calls that it meets before it is over. */
  readonly times: number;
}

interface ArmedFault {
  readonly fault: Fault;
  left: number;
}

const maxFaults = 10_000;

/** The faults that wait for a call. */
export class Faults {
  readonly #now: () => number;
  #armed: ArmedFault[] = [];
  /** When a flood that was hit is over, by person and method: calls before that wait for the rest of it. */
  readonly #floods = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(fault: Fault): void {
    if (this.#armed.length >= maxFaults) throw new RpcError(400, "FAULTS_TOO_MANY");
    this.#armed.push({ fault, left: fault.times });
  }

  clear(): void {
    this.#armed = [];
    this.#floods.clear();
  }

  /** What a call meets; undefined when it may go on. */
  meet(userId: PeerId | undefined, method: string): RpcError | "drop-connection" | undefined {
    if (this.#armed.length === 0 && this.#floods.size === 0) return undefined;
    const floodKey = `${userId}/${method}`;
    const index = this.#armed.findIndex(
      ({ fault }) =>
        (fault.userId === undefined || fault.userId === userId) &&
        (fault.method === "*" || fault.method === method),
    );
    const armed = this.#armed[index];
    if (armed === undefined) {
      const remainingS = Math.ceil(((this.#floods.get(floodKey) ?? 0) - this.#now()) / 1000);
      if (remainingS > 0) return floodWait(remainingS);
      this.#floods.delete(floodKey);
      return undefined;
    }
    armed.left -= 1;
    if (armed.left <= 0) this.#armed.splice(index, 1);
    const { effect } = armed.fault;
    switch (effect.kind) {
      case "error":
        return new RpcError(effect.errorCode, effect.errorMessage);
      case "drop-connection":
        return "drop-connection";
      case "flood-wait":
        this.#floods.set(floodKey, this.#now() + effect.seconds * 1000);
        return floodWait(effect.seconds);
      default:
        return effect satisfies never;
    }
  }
}

function floodWait(seconds: number): RpcError {
  return new RpcError(420, `FLOOD_WAIT_${seconds}`);
}
