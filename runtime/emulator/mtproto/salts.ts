import { randomBytes } from "node:crypto";

/** A server salt with the time in which the server takes it. */
export interface Salt {
  readonly value: bigint;
  readonly validSinceMs: number;
  readonly validUntilMs: number;
}

const periodMs = 30 * 60_000;
/** A salt is still taken for half an hour after its successor began. */
const graceMs = 30 * 60_000;

/** The salts of one auth key: a new one every half an hour, made when it is asked for. */
export class Salts {
  #salts: Salt[];

  constructor(first: bigint, nowMs: number) {
    this.#salts = [saltFrom(first, nowMs)];
  }

  /** The newest salt that has begun; the first one while the clock stands before it. */
  current(nowMs: number): bigint {
    const salts = this.#upTo(nowMs);
    return (salts.findLast((salt) => salt.validSinceMs <= nowMs) ?? salts[0])?.value ?? 0n;
  }

  accepts(value: bigint, nowMs: number): boolean {
    const isHeld = ({ value: known, validSinceMs, validUntilMs }: Salt) =>
      known === value && validSinceMs <= nowMs && nowMs < validUntilMs;
    return value === this.current(nowMs) || this.#upTo(nowMs).some(isHeld);
  }

  /** The current salt and those after it. */
  upcoming(count: number, nowMs: number): readonly Salt[] {
    const salts = this.#upTo(nowMs + count * periodMs);
    const first = Math.max(
      0,
      salts.findLastIndex((salt) => salt.validSinceMs <= nowMs),
    );
    return salts.slice(first, first + count);
  }

  /** Ends every salt at once, so that clients are told of a new one. */
  replaceAll(nowMs: number): void {
    this.#salts = [saltFrom(randomSalt(), nowMs)];
  }

  #upTo(timeMs: number): readonly Salt[] {
    let last = this.#salts.at(-1);
    while (last !== undefined && last.validSinceMs + periodMs <= timeMs) {
      last = saltFrom(randomSalt(), last.validSinceMs + periodMs);
      this.#salts.push(last);
      if (this.#salts.length > 128) this.#salts.shift();
    }
    return this.#salts;
  }
}

function saltFrom(value: bigint, validSinceMs: number): Salt {
  return { value, validSinceMs, validUntilMs: validSinceMs + periodMs + graceMs };
}

function randomSalt(): bigint {
  return randomBytes(8).readBigInt64LE();
}
