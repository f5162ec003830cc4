import type { Logger } from "../../telemetry/index.ts";
import { type Clock, hasCode, TelegraphistError } from "../contract/index.ts";
import { lockForRunning, type SessionLeaseRepository } from "../storage/index.ts";

export interface LockOptions {
  readonly leases: SessionLeaseRepository;
  /** For how long to wait for another program to end. */
  readonly waitMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** How often whoever waits looks again. */
const lookEveryMs = 500;

/**
 * Takes a database for this program alone; returns what lets go of it.
 *
 * @throws {TelegraphistError} `STORAGE_LOCKED` with who has it, as far as its sessions tell; `CANCELLED`
 */
export async function lockDatabase(path: string, options: LockOptions): Promise<() => void> {
  const { clock, leases, logger, signal, waitMs } = options;
  const untilMs = clock.now() + waitMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return lockForRunning(path);
    } catch (error) {
      if (!hasCode(error, "STORAGE_LOCKED")) throw error;
      const leftMs = untilMs - clock.now();
      if (leftMs <= 0) throw await withHolder(path, leases, error);
      if (isFirst) logger.warn("The database is waited for, as another program runs on it", { waitMs });
      await clock.sleep(Math.min(leftMs, lookEveryMs), { signal });
    }
  }
}

async function withHolder(path: string, leases: SessionLeaseRepository, cause: unknown): Promise<unknown> {
  const [lease] = await leases.list();
  if (lease === undefined) return cause;
  const { owner, takenAtMs } = lease;
  return new TelegraphistError({
    code: "STORAGE_LOCKED",
    category: "STORAGE",
    retryable: true,
    message:
      `Cannot run on database "${path}": process ${owner.pid} on "${owner.host}" has held it since ` +
      `${new Date(takenAtMs).toISOString()}; is Telegraphist running twice?`,
    data: { host: owner.host, pid: owner.pid, takenAtMs },
    cause,
  });
}
