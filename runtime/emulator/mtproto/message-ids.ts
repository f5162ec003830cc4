/** Whether a message answers one of the client's; it is told by the lowest bits of the message's id. */
export type MessageOrigin = "answer" | "own";

/**
 * Makes the server's message ids: Unix time in 2^-32 seconds, strictly rising, 1 modulo 4 for answers and 3 for the rest
 * (core.telegram.org/mtproto/description#message-identifier-msg-id).
 */
export class MessageIds {
  readonly #now: () => number;
  #last = 0n;

  constructor(now: () => number) {
    this.#now = now;
  }

  next(origin: MessageOrigin): bigint {
    const byClock = ((BigInt(Math.floor(this.#now() * 1000)) << 32n) / 1_000_000n) & ~3n;
    const base = byClock > this.#last ? byClock : this.#last + 4n;
    this.#last = base;
    return base | (origin === "answer" ? 1n : 3n);
  }
}

/** What is wrong with a client's message id, as a code of `bad_msg_notification`; null when it is right. */
export function messageIdFault(id: bigint, nowMs: number): 16 | 17 | 18 | null {
  if ((id & 3n) !== 0n) return 18;
  const aheadSeconds = Number(id >> 32n) - nowMs / 1000;
  if (aheadSeconds < -300) return 16;
  return aheadSeconds > 30 ? 17 : null;
}
