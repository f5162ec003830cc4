import type { TelegraphistError } from "../contract/index.ts";
import { connectFailure } from "./connect-failure.ts";
import type { MtprotoConnection } from "./connection.ts";
import { accountMoved, homeMigrationOf } from "./errors.ts";

export interface HomeConnectionsOptions {
  /** Opens the account's own connection. */
  readonly open: (
    onBroken: (error: TelegraphistError) => void,
    signal: AbortSignal,
  ) => Promise<MtprotoConnection>;
  /** Asks Telegram whether the session is good; throws what it answers. */
  readonly verify: (connection: MtprotoConnection, signal: AbortSignal) => Promise<void>;
  /** Makes the data centre the account's home; the connection to the one until now is open. */
  readonly move: (from: MtprotoConnection, dataCentreId: number, signal: AbortSignal) => Promise<void>;
  /** @default 30_000 */
  readonly connectTimeoutMs?: number;
}

/** Connections to where the account lives, each step on the way there within its time. */
export class HomeConnections {
  readonly #options: HomeConnectionsOptions;

  constructor(options: HomeConnectionsOptions) {
    this.#options = options;
  }

  /** Opens one whose session Telegram knows. @throws what the steps throw, `ACCOUNT_MOVED` when the next one leads there */
  async open(onBroken: (error: TelegraphistError) => void, signal: AbortSignal): Promise<MtprotoConnection> {
    const { open, verify } = this.#options;
    const bounded = this.#bounded(signal);
    const connection = await open(onBroken, bounded);
    try {
      await verify(connection, bounded);
      return connection;
    } catch (error) {
      try {
        throw await this.follow(connection, connectFailure(error), signal);
      } finally {
        await connection.close();
      }
    }
  }

  /** Goes along where the reason for a connection's end is that the account lives elsewhere. @throws what `move` throws */
  async follow(
    connection: MtprotoConnection,
    reason: TelegraphistError,
    signal: AbortSignal,
  ): Promise<TelegraphistError> {
    const dataCentreId = homeMigrationOf(reason);
    if (dataCentreId === null) return reason;
    await this.#options.move(connection, dataCentreId, this.#bounded(signal));
    return accountMoved(dataCentreId);
  }

  /** Ends with the signal, or when the step has taken too long. */
  #bounded(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, AbortSignal.timeout(this.#options.connectTimeoutMs ?? 30_000)]);
  }
}
