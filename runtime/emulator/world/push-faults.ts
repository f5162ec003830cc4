import { RpcError } from "../methods/rpc.ts";
import type { TlObject } from "../tl/value.ts";
import type { PeerId } from "./peer-id.ts";

/**
 * What becomes of pushes: they never leave, leave twice, leave in the reverse order when all of them are there, leave as
 * `updatesTooLong`, or as a constructor that no layer has.
 */
export type PushEffect = "drop" | "repeat" | "reverse" | "too-long" | "unknown";

export interface PushFault {
  /** @default everyone */
  readonly userId?: PeerId | undefined;
  readonly effect: PushEffect;
  /** Pushes that meet it. */
  readonly times: number;
}

interface ArmedFault {
  readonly fault: PushFault;
  left: number;
  readonly held: Send[];
}

type Send = (instead?: TlObject | Uint8Array) => void;

const maxFaults = 10_000;
const unknownConstructor = Uint8Array.of(0xde, 0xc0, 0xad, 0x0b);

/** The faults that wait for a push. */
export class PushFaults {
  #armed: ArmedFault[] = [];

  add(fault: PushFault): void {
    if (this.#armed.length >= maxFaults) throw new RpcError(400, "FAULTS_TOO_MANY");
    this.#armed.push({ fault, left: fault.times, held: [] });
  }

  clear(): void {
    this.#armed = [];
  }

  /** Sends one person's updates, or does what a fault makes of them. */
  deliver(userId: PeerId, send: Send): void {
    const armed = this.#armed.find(({ fault }) => fault.userId === undefined || fault.userId === userId);
    if (armed === undefined) {
      send();
      return;
    }
    armed.left -= 1;
    if (armed.left <= 0) this.#armed.splice(this.#armed.indexOf(armed), 1);
    const { effect } = armed.fault;
    switch (effect) {
      case "drop":
        return;
      case "repeat":
        send();
        send();
        return;
      case "reverse":
        armed.held.unshift(send);
        if (armed.left <= 0) for (const each of armed.held) each();
        return;
      case "too-long":
        send({ _: "updatesTooLong" });
        return;
      case "unknown":
        send(unknownConstructor);
        return;
      default:
        effect satisfies never;
    }
  }
}
