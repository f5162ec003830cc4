import type { Logger } from "../../telemetry/index.ts";
import type { Clock } from "../contract/index.ts";
import { type ApiIdentity, type ConnectionOptions, MtprotoConnection } from "./connection.ts";
import { DataCentres, type ServerOptions } from "./data-centres.ts";
import { acceptServerKeys } from "./server-keys.ts";
import type { AccountSession } from "./session.ts";

export interface ConnectorOptions {
  readonly api: ApiIdentity;
  readonly server: ServerOptions | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

type Hooks = Pick<ConnectionOptions, "onBroken" | "onUpdates" | "onUnreadable" | "onNewSession">;

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
   * @param authKey `null` has one made
   * @throws {TelegraphistError} `DATA_CENTRE_UNKNOWN`, whatever `MtprotoConnection.open` throws
   */
  async open(
    { device }: AccountSession,
    dataCentreId: number,
    authKey: Uint8Array | null,
    hooks: Hooks,
    signal: AbortSignal,
  ): Promise<MtprotoConnection> {
    const { api, clock, logger } = this.#options;
    const dataCentre = this.#dataCentres.byId(dataCentreId);
    return MtprotoConnection.open({ dataCentre, authKey, api, device, logger, clock, ...hooks }, signal);
  }
}
