import type { Logger } from "../../telemetry/index.ts";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import type { AccountOptions } from "./account-face.ts";
import { listAuthorizations } from "./authorizations.ts";
import { isLoggedOut } from "./errors.ts";
import { Api } from "./gramjs.ts";
import type { HeldSession } from "./held-session.ts";
import type { RpcPort } from "./rpc-port.ts";

export interface SpareSessions {
  readonly options: Pick<AccountOptions, "api" | "name" | "storage">;
  readonly held: HeldSession;
  /** Over the account's own session. */
  readonly rpc: Pick<RpcPort, "invoke">;
  readonly logger: Logger;
}

/** Time for all of them. */
const endTimeoutMs = 20_000;
const listTimeoutMs = 10_000;

/**
 * Ends at Telegram what the account has beside its session: one that was never finished, or the one before. Each key is
 * logged out by itself, as a young session may not end another (`FRESH_RESET_AUTHORISATION_FORBIDDEN`). Where one cannot
 * be, as its data centre is out of reach, it counts as ended once Telegram lists no other session of this application.
 *
 * @returns how many sessions that were: one or none
 * @throws {TelegraphistError} why one cannot be ended; all stay on record then
 */
export async function endSpareSessions(spares: SpareSessions, signal: AbortSignal): Promise<number> {
  const { logger, options } = spares;
  const keys = await options.storage.spareKeys.load(options.name);
  if (keys.size === 0) return 0;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(endTimeoutMs)]);
  const logOuts = [...keys].map(([dataCentreId, key]) => logOut(spares.held, dataCentreId, key, bounded));
  const failure = (await Promise.allSettled(logOuts)).find(({ status }) => status === "rejected");
  if (failure?.status === "rejected" && (await mayBeListed(spares, signal))) throw failure.reason;
  await options.storage.spareKeys.replace(options.name, new Map());
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
    if (!isNobodys(error)) throw error;
  }
}

/** Whether Telegram does not take the key for anybody's, which is what was wanted. */
function isNobodys(error: unknown): boolean {
  if (hasCode(error, "SESSION_PASSWORD_NEEDED")) return true;
  return error instanceof TelegraphistError && isLoggedOut(error);
}

/** Whether Telegram lists a session that may be the spare one, or cannot be asked. */
async function mayBeListed({ options, rpc }: SpareSessions, signal: AbortSignal): Promise<boolean> {
  try {
    const listed = await listAuthorizations(rpc, { signal, timeoutMs: listTimeoutMs });
    return listed.some(({ apiId, isCurrent }) => !isCurrent && apiId === options.api.id);
  } catch {
    return true;
  }
}
