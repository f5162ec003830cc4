import { type Clock, hasCode } from "../contract/index.ts";
import { orAborted } from "./abortable.ts";
import type { MtprotoConnection } from "./connection.ts";
import type { BudgetMember, ConnectionBudget } from "./connection-budget.ts";
import { connectionLost } from "./errors.ts";
import { Api } from "./gramjs.ts";
import type { AccountSession } from "./session.ts";

export interface OtherConnectionsOptions {
  readonly session: () => AccountSession;
  /** Opens a connection that asks for no updates. */
  readonly open: (
    dataCentreId: number,
    authKey: Uint8Array | null,
    onBroken: () => void,
    signal: AbortSignal,
  ) => Promise<MtprotoConnection>;
  /** The account's own connection, which vouches for it elsewhere. */
  readonly exportAuthorization: (
    dataCentreId: number,
    signal: AbortSignal,
  ) => Promise<Api.auth.ExportedAuthorization>;
  readonly clock: Clock;
  /** Shared with other accounts. @default none but the number of data centres */
  readonly budget?: ConnectionBudget | undefined;
  /** @default 30_000 */
  readonly openTimeoutMs?: number;
}

interface Entry {
  readonly opening: Promise<MtprotoConnection>;
  /** Ends an opening that nobody waits for any more. */
  readonly giveUp: AbortController;
  inFlight: number;
  lastUsedAtMs: number;
}

/**
 * Connections for files, one a data centre, beside the one that brings the updates. GramJS loses track of its own and
 * leaves them open after `disconnect()` (defect G15); these end with their account, or when nobody used them.
 */
export class OtherConnections implements BudgetMember {
  readonly #options: OtherConnectionsOptions;
  readonly #entries = new Map<number, Entry>();

  constructor(options: OtherConnectionsOptions) {
    this.#options = options;
    options.budget?.join(this);
  }

  get size(): number {
    return this.#entries.size;
  }

  get idleSinceMs(): number | null {
    return this.#idlest?.[1].lastUsedAtMs ?? null;
  }

  async closeIdlest(): Promise<void> {
    if (this.#idlest !== undefined) await this.#close(...this.#idlest);
  }

  /**
   * Runs the function on the connection to a data centre; the first use opens it, and others wait for that.
   *
   * @throws {TelegraphistError} of category `NETWORK` when it cannot be opened, `POOL_EXHAUSTED` among them; whatever
   * the function throws
   */
  async use<T>(
    dataCentreId: number,
    signal: AbortSignal,
    run: (connection: MtprotoConnection) => Promise<T>,
  ): Promise<T> {
    const entry = this.#entryOf(dataCentreId);
    entry.inFlight += 1;
    try {
      const connection = await orAborted(entry.opening, signal);
      return await run(connection);
    } catch (error) {
      if (!this.#isForeignKeyRefused(dataCentreId, error)) throw error;
      this.#entries.delete(dataCentreId);
      await this.#options.session().setAuthKey(dataCentreId, null);
      throw connectionLost("the data centre has forgotten the account");
    } finally {
      entry.inFlight -= 1;
      entry.lastUsedAtMs = this.#options.clock.now();
    }
  }

  /** Closes what nobody has used for so long. @returns how many were closed */
  async closeIdle(idleMs: number): Promise<number> {
    const nowMs = this.#options.clock.now();
    const idle = [...this.#entries].filter(
      ([, entry]) => entry.inFlight === 0 && nowMs - entry.lastUsedAtMs >= idleMs,
    );
    await Promise.all(idle.map(([dataCentreId, entry]) => this.#close(dataCentreId, entry)));
    return idle.length;
  }

  /** Closes all; calls on them fail with `CONNECTION_LOST`. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#entries].map(([dataCentreId, entry]) => this.#close(dataCentreId, entry)));
  }

  #entryOf(dataCentreId: number): Entry {
    const known = this.#entries.get(dataCentreId);
    if (known !== undefined) return known;
    this.#options.budget?.makeRoom();
    const giveUp = new AbortController();
    const opening = this.#open(dataCentreId, giveUp.signal);
    const entry: Entry = { opening, giveUp, inFlight: 0, lastUsedAtMs: this.#options.clock.now() };
    this.#entries.set(dataCentreId, entry);
    opening.catch(() => this.#forget(dataCentreId, entry));
    return entry;
  }

  async #open(dataCentreId: number, abandoned: AbortSignal): Promise<MtprotoConnection> {
    const { open, exportAuthorization, session, openTimeoutMs = 30_000 } = this.#options;
    const signal = AbortSignal.any([abandoned, AbortSignal.timeout(openTimeoutMs)]);
    const key = session().authKey(dataCentreId);
    const onBroken = () => this.#entries.delete(dataCentreId);
    const connection = await open(dataCentreId, key, onBroken, signal);
    if (key !== null) return connection;
    try {
      const { id, bytes } = await exportAuthorization(dataCentreId, signal);
      await connection.send(new Api.auth.ImportAuthorization({ id, bytes }), signal);
      await session().setAuthKey(dataCentreId, connection.authKey);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async #close(dataCentreId: number, entry: Entry): Promise<void> {
    this.#forget(dataCentreId, entry);
    entry.giveUp.abort(connectionLost("it was closed"));
    // One that could not be opened has told those who waited for it, and needs no closing.
    const connection = await entry.opening.catch(() => null);
    await connection?.close();
  }

  get #idlest(): [dataCentreId: number, entry: Entry] | undefined {
    const idle = [...this.#entries].filter(([, { inFlight }]) => inFlight === 0);
    return idle.toSorted(([, a], [, b]) => a.lastUsedAtMs - b.lastUsedAtMs)[0];
  }

  #forget(dataCentreId: number, entry: Entry): void {
    if (this.#entries.get(dataCentreId) === entry) this.#entries.delete(dataCentreId);
  }

  #isForeignKeyRefused(dataCentreId: number, error: unknown): boolean {
    if (dataCentreId === this.#options.session().mainDataCentreId) return false;
    return hasCode(error, "AUTH_KEY_NOT_FOUND", "AUTH_KEY_UNREGISTERED", "AUTH_KEY_INVALID");
  }
}
