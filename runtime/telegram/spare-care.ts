import type { Logger } from "../../telemetry/index.ts";
import { type Clock, TelegraphistError } from "../contract/index.ts";
import { waitMsOf } from "./errors.ts";
import { delayMs, type RetryPolicy } from "./retry-policy.ts";

export interface SpareCareOptions {
  /** Ends what was left of a rotation. */
  readonly endSpares: (signal: AbortSignal) => Promise<void>;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}

const hourMs = 3_600_000;
/** For as long as one is left, as it is a way into the account. */
const policy: RetryPolicy = {
  maxRetries: Number.POSITIVE_INFINITY,
  firstDelayMs: 60_000,
  backoffFactor: 2,
  maxDelayMs: hourMs,
  jitter: 0,
};

/** Sees that what rotations leave is ended, later each time that it cannot be, and tells each reason for that once. */
export class SpareCare {
  readonly #options: SpareCareOptions;
  #failures = 0;
  #toldReason: string | null = null;
  #dueAtMs = 0;

  constructor(options: SpareCareOptions) {
    this.#options = options;
  }

  /** When it is to be looked for what is left. */
  get dueAtMs(): number {
    return this.#dueAtMs;
  }

  /** Whether something is left that could not be ended. */
  get isBehind(): boolean {
    return this.#failures > 0;
  }

  /** A rotation may have left something. */
  lookNow(): void {
    this.#dueAtMs = 0;
  }

  /** @throws the signal's reason, and nothing else */
  async look(signal: AbortSignal): Promise<void> {
    const { clock, endSpares } = this.#options;
    try {
      await endSpares(signal);
      this.#failures = 0;
      this.#toldReason = null;
      this.#dueAtMs = clock.now() + hourMs;
    } catch (error) {
      signal.throwIfAborted();
      this.#failures += 1;
      const waitMs = error instanceof TelegraphistError ? waitMsOf(error) : null;
      const retryInMs = Math.max(delayMs(policy, this.#failures, 0) ?? hourMs, waitMs ?? 0);
      this.#dueAtMs = clock.now() + retryInMs;
      this.#tell(error, retryInMs);
    }
  }

  #tell(error: unknown, retryInMs: number): void {
    const reason = error instanceof TelegraphistError ? error.code : String(error);
    if (reason === this.#toldReason) return;
    this.#toldReason = reason;
    const message =
      "A session beside the account's own is still to be ended, and none is renewed until then; it is tried later each time";
    this.#options.logger.warn(message, { error, retryInMs, retryInMsAtMost: hourMs });
  }
}
