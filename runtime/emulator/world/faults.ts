import { type LostCall, RpcError } from "../methods/rpc.ts";
import type { PeerId } from "./peer-id.ts";

/** Waits that Telegram names in seconds. */
export type WaitName = "FLOOD_WAIT" | "FLOOD_PREMIUM_WAIT" | "SLOWMODE_WAIT";

/** What goes wrong, for whom, and how often. */
export interface Fault {
  /** @default everyone */
  readonly userId?: PeerId | undefined;
  /** A TL method, or `*` for all. */
  readonly method: string;
  readonly effect:
    | { readonly kind: "error"; readonly errorCode: number; readonly errorMessage: string }
    | { readonly kind: "flood-wait"; readonly name: WaitName; readonly seconds: number }
    | { readonly kind: LostCall };
  /** Calls that it meets before it is over. */
  readonly times: number;
  /** Calls that go by before it begins. @default 0 */
  readonly after?: number | undefined;
  /** Part of the calls that meet it, 0 to 1, by the seed. @default 1 */
  readonly chance?: number | undefined;
}

interface ArmedFault {
  readonly fault: Fault;
  left: number;
  mustPass: number;
}

interface Flood {
  readonly name: WaitName;
  readonly untilMs: number;
}

const maxFaults = 10_000;

/** The faults that wait for a call. */
export class Faults {
  readonly #now: () => number;
  #armed: ArmedFault[] = [];
  /** When a flood that was hit is over, by person and method: calls before that wait for the rest of it. */
  readonly #floods = new Map<string, Flood>();
  #random = seededRandom(0);

  constructor(now: () => number) {
    this.#now = now;
  }

  add(fault: Fault): void {
    if (this.#armed.length >= maxFaults) throw new RpcError(400, "FAULTS_TOO_MANY");
    this.#armed.push({ fault, left: fault.times, mustPass: fault.after ?? 0 });
  }

  /** Begins the run of chance anew: the same seed and the same calls meet the same faults. */
  seed(seed: number): void {
    this.#random = seededRandom(seed);
  }

  clear(): void {
    this.#armed = [];
    this.#floods.clear();
  }

  /** What a call meets; undefined when it may go on. */
  meet(userId: PeerId | undefined, method: string): RpcError | LostCall | undefined {
    if (this.#armed.length === 0 && this.#floods.size === 0) return undefined;
    const floodKey = `${userId}/${method}`;
    const armed = this.#armed.find((each) => this.#meets(each, userId, method));
    if (armed === undefined) return this.#lastingFlood(floodKey);
    armed.left -= 1;
    if (armed.left <= 0) this.#armed.splice(this.#armed.indexOf(armed), 1);
    const { effect } = armed.fault;
    switch (effect.kind) {
      case "error":
        return new RpcError(effect.errorCode, effect.errorMessage);
      case "drop-connection":
      case "drop-answer":
        return effect.kind;
      case "flood-wait":
        // A slow mode is one chat's, and other chats go by the same method.
        if (effect.name !== "SLOWMODE_WAIT") {
          this.#floods.set(floodKey, { name: effect.name, untilMs: this.#now() + effect.seconds * 1000 });
        }
        return new RpcError(420, `${effect.name}_${effect.seconds}`);
      default:
        return effect satisfies never;
    }
  }

  #meets(armed: ArmedFault, userId: PeerId | undefined, method: string): boolean {
    const { fault } = armed;
    if (fault.userId !== undefined && fault.userId !== userId) return false;
    if (fault.method !== "*" && fault.method !== method) return false;
    if (armed.mustPass > 0) {
      armed.mustPass -= 1;
      return false;
    }
    return fault.chance === undefined || this.#random() < fault.chance;
  }

  #lastingFlood(floodKey: string): RpcError | undefined {
    const flood = this.#floods.get(floodKey);
    if (flood === undefined) return undefined;
    const remainingS = Math.ceil((flood.untilMs - this.#now()) / 1000);
    if (remainingS > 0) return new RpcError(420, `${flood.name}_${remainingS}`);
    this.#floods.delete(floodKey);
    return undefined;
  }
}

/** Numbers from 0 up to 1 that follow from the seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
