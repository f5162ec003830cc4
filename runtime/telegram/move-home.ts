import { TelegraphistError } from "../contract/index.ts";
import type { MtprotoConnection } from "./connection.ts";
import { Api } from "./gramjs.ts";
import type { AccountSession } from "./session.ts";

export interface HomeMove {
  readonly session: AccountSession;
  /** Of the home until now, which vouches for the account. */
  readonly from: MtprotoConnection;
  readonly dataCentreId: number;
  /** Opens a connection there with a key of its own. */
  readonly open: (signal: AbortSignal) => Promise<MtprotoConnection>;
}

/**
 * Makes another data centre the account's home, as Telegram asks by `USER_MIGRATE_X`: the authorization is taken along
 * to a new key (core.telegram.org/api/datacenter#authorization-transfer). The session is changed at the end alone.
 *
 * @throws {TelegraphistError} `MOVE_FAILED`; it may be tried again
 */
export async function moveHome(
  { session, from, dataCentreId, open }: HomeMove,
  signal: AbortSignal,
): Promise<void> {
  try {
    const there = await open(signal);
    try {
      const { id, bytes } = await from.send(new Api.auth.ExportAuthorization({ dcId: dataCentreId }), signal);
      await there.send(new Api.auth.ImportAuthorization({ id, bytes }), signal);
    } finally {
      await there.close();
    }
    await session.moveTo(dataCentreId, there.authKey);
  } catch (cause) {
    throw new TelegraphistError({
      code: "MOVE_FAILED",
      category: "NETWORK",
      retryable: true,
      message: `Cannot follow the account to data centre ${dataCentreId}: ${cause instanceof Error ? cause.message : "no reason given"}`,
      data: { dataCentreId },
      cause,
    });
  }
}
