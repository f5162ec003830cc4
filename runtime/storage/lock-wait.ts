import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "../contract/index.ts";

/** How often to look whether another process has let go. */
const lookEveryMs = 20;

/**
 * Tries again what another process's lock refuses, until its time is over. The program goes on meanwhile; SQLite's own
 * busy timeout would hold all of it up.
 */
export class LockWait {
  readonly #timeoutMs: number;
  /** The pause of the first that waits in order. */
  #pause: Promise<void> | null = null;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** For what stands alone. @throws what `attempt` threw last */
  async anyhow<T>(attempt: () => T): Promise<T> {
    return this.#outlast(attempt, () => sleep(lookEveryMs));
  }

  /** For what changes something: nobody overtakes another who waits. @throws what `attempt` threw last */
  async inOrder<T>(attempt: () => T): Promise<T> {
    while (this.#pause !== null) await this.#pause;
    return this.#outlast(attempt, () => {
      this.#pause = sleep(lookEveryMs).then(() => {
        this.#pause = null;
      });
      return this.#pause;
    });
  }

  async #outlast<T>(attempt: () => T, pause: () => Promise<void>): Promise<T> {
    const giveUpAtMs = performance.now() + this.#timeoutMs;
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        if (!hasCode(error, "STORAGE_LOCKED") || performance.now() >= giveUpAtMs) throw error;
      }
      await pause();
    }
  }
}
