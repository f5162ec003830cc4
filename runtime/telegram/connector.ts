import type { Logger } from "../../telemetry/index.ts";
import { type Clock, hasCategory } from "../contract/index.ts";
import { type ApiIdentity, type ConnectionOptions, MtprotoConnection } from "./connection.ts";
import { type DataCentre, DataCentres, type ServerOptions } from "./data-centres.ts";
import { acceptServerKeys } from "./server-keys.ts";
import type { AccountSession } from "./session.ts";

export interface ConnectorOptions {
  readonly api: ApiIdentity;
  readonly server: ServerOptions | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

type Hooks = Pick<ConnectionOptions, "onBroken" | "onUpdates" | "onUnreadable" | "onNewSession" | "mayWrite">;

/** Opens one account's connections: it knows where the data centres are, and as what the program presents itself. */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #dataCentres: DataCentres;

  /** @throws {TelegraphistError} `SERVER_KEY_INVALID` */
  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#dataCentres = new DataCentres(options.server);
    acceptServerKeys(options.server?.publicKeys ?? []);
  }

  /** Where an account that has no home yet begins. */
  get firstDataCentreId(): number {
    return this.#dataCentres.first.id;
  }

  /**
   * Tries one address of the data centre; after one that does not answer it is the next one's turn.
   *
   * @param authKey `null` has one made
   * @throws {TelegraphistError} `DATA_CENTRE_UNKNOWN`, whatever `MtprotoConnection.open` throws
   */
  async open(
    session: AccountSession,
    dataCentreId: number,
    authKey: Uint8Array | null,
    hooks: Hooks,
    signal: AbortSignal,
  ): Promise<MtprotoConnection> {
    if (!this.#dataCentres.isKnown(dataCentreId)) await this.#askWhere(session, signal);
    return this.#openAt(session, this.#dataCentres.byId(dataCentreId), authKey, hooks, signal);
  }

  async #openAt(
    { device }: AccountSession,
    dataCentre: DataCentre,
    authKey: Uint8Array | null,
    hooks: Hooks,
    signal: AbortSignal,
  ): Promise<MtprotoConnection> {
    const { api, clock, logger } = this.#options;
    const onAddresses: ConnectionOptions["onAddresses"] = (addresses) => this.#dataCentres.learn(addresses);
    const options = { dataCentre, authKey, api, clock, device, logger, onAddresses, ...hooks };
    try {
      return await MtprotoConnection.open(options, signal);
    } catch (error) {
      if (hasCategory(error, "NETWORK")) this.#dataCentres.passOver(dataCentre);
      throw error;
    }
  }

  /** The server tells it in the beginning of every connection. */
  async #askWhere(session: AccountSession, signal: AbortSignal): Promise<void> {
    const hooks = { onBroken: () => undefined };
    const connection = await this.#openAt(session, this.#dataCentres.first, null, hooks, signal);
    await connection.close();
  }
}
