import type { ChatId, Clock } from "../../contract/index.ts";
import { LruMap } from "../peers/lru-map.ts";

interface Finding {
  readonly hasWritten: boolean;
  readonly foundAtMs: number;
}

const mostRemembered = 10_000;
/** Who has not written may do so at any time; who has written has for good. */
const trustMs = 60_000;

/** Which people have written to the account, so that writing to them is an answer. */
export class Correspondents {
  readonly #lookUp: (chatId: ChatId, signal: AbortSignal) => Promise<boolean>;
  readonly #clock: Clock;
  readonly #found = new LruMap<ChatId, Finding>(mostRemembered);

  /** @param lookUp asks Telegram whether the person of a private chat has written there */
  constructor(lookUp: (chatId: ChatId, signal: AbortSignal) => Promise<boolean>, clock: Clock) {
    this.#lookUp = lookUp;
    this.#clock = clock;
  }

  /** Whether the person of a private chat has written. */
  async hasWritten(chatId: ChatId, signal: AbortSignal): Promise<boolean> {
    const found = this.#found.get(chatId);
    const nowMs = this.#clock.now();
    if (found !== undefined && (found.hasWritten || nowMs - found.foundAtMs < trustMs)) {
      return found.hasWritten;
    }
    const hasWritten = await this.#lookUp(chatId, signal);
    this.#found.set(chatId, { hasWritten, foundAtMs: nowMs });
    return hasWritten;
  }
}
