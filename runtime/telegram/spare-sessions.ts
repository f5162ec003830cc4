import type { Logger } from "../../telemetry/index.ts";
import { hasCategory } from "../contract/index.ts";
import type { AccountOptions } from "./account-face.ts";
import { Api } from "./gramjs.ts";
import type { HeldSession } from "./held-session.ts";

export interface SpareSessions {
  readonly options: Pick<AccountOptions, "name" | "storage">;
  readonly held: HeldSession;
  readonly logger: Logger;
}

/** Time for all of them. */
const endTimeoutMs = 30_000;

/**
 * Ends at Telegram what the account has beside its session: one that was never finished, or the one before. Each key is
 * logged out by itself, as a young session may not end another (`FRESH_RESET_AUTHORISATION_FORBIDDEN`).
 *
 * @returns how many sessions that were: one or none
 * @throws {TelegraphistError} of category `NETWORK` when Telegram cannot be asked; they stay on record then
 */
export async function endSpareSessions(
  { held, logger, options: { name, storage } }: SpareSessions,
  signal: AbortSignal,
): Promise<number> {
  const keys = await storage.spareKeys.load(name);
  if (keys.size === 0) return 0;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(endTimeoutMs)]);
  for (const [dataCentreId, key] of keys) await logOut(held, dataCentreId, key, bounded);
  await storage.spareKeys.replace(name, new Map());
  logger.info("A session beside the account's own was ended", { dataCentres: [...keys.keys()] });
  return 1;
}

async function logOut(
  held: HeldSession,
  dataCentreId: number,
  key: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  try {
    const hooks = { onBroken: () => undefined };
    const connection = await held.open(held.inUse, dataCentreId, key, hooks, signal);
    try {
      await connection.send(new Api.auth.LogOut(), signal);
    } finally {
      await connection.close();
    }
  } catch (error) {
    // Telegram does not know the key as anybody's: that is what was wanted.
    if (!hasCategory(error, "AUTH")) throw error;
  }
}
