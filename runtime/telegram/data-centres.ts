import { TelegraphistError } from "../contract/index.ts";

/** Where one of Telegram's data centres listens. */
export interface DataCentre {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** Another server than Telegram's own, such as the emulator. */
export interface ServerOptions {
  /** At least one; the first is where a new account begins. */
  readonly dataCentres: readonly DataCentre[];
  /** Its RSA keys as PKCS#1 or SPKI PEM. */
  readonly publicKeys: readonly string[];
}

/** Telegram's own. Source: `kBuiltInDcs` in github.com/telegramdesktop/tdesktop, mtproto_dc_options.cpp. */
const telegramDataCentres: readonly DataCentre[] = [
  { id: 2, host: "149.154.167.51", port: 443 },
  { id: 1, host: "149.154.175.50", port: 443 },
  { id: 3, host: "149.154.175.100", port: 443 },
  { id: 4, host: "149.154.167.91", port: 443 },
  { id: 5, host: "149.154.171.5", port: 443 },
];

/** Which data centres there are, and where. */
export class DataCentres {
  readonly #all: readonly DataCentre[];

  constructor(server?: ServerOptions) {
    this.#all = server?.dataCentres ?? telegramDataCentres;
  }

  /** Where an account that has no home yet begins. */
  get first(): DataCentre {
    const [first] = this.#all;
    if (first === undefined) throw unknownDataCentre(0);
    return first;
  }

  /** @throws {TelegraphistError} `DATA_CENTRE_UNKNOWN` */
  byId(id: number): DataCentre {
    const found = this.#all.find((dataCentre) => dataCentre.id === id);
    if (found === undefined) throw unknownDataCentre(id);
    return found;
  }
}

function unknownDataCentre(id: number): TelegraphistError {
  return new TelegraphistError({
    code: "DATA_CENTRE_UNKNOWN",
    category: "INVALID",
    message: `Cannot find the data centre ${id}: add it to telegram.server.dataCentres`,
    data: { dataCentreId: id },
  });
}
