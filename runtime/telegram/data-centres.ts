import { TelegraphistError } from "../contract/index.ts";
import type { Api } from "./gramjs.ts";

/** Where one of Telegram's data centres listens. */
export interface DataCentre {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** Another server than Telegram's own, such as the emulator. */
export interface ServerOptions {
  /**
   * At least one; the first is where a new account begins. One that is there several times has several addresses, which
   * are tried in turn; one that is not there is where the server says.
   */
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

/**
 * Which data centres there are, and where. Telegram names several addresses for each (core.telegram.org/constructor/config);
 * the one that answered is kept to, and the next one is taken when it does no longer.
 */
export class DataCentres {
  readonly #listed: readonly DataCentre[];
  readonly #isTelegram: boolean;
  #told: readonly DataCentre[] = [];
  /** The last address of each that did not answer. */
  readonly #silent = new Map<number, DataCentre>();

  constructor(server?: ServerOptions) {
    this.#listed = server?.dataCentres ?? telegramDataCentres;
    this.#isTelegram = server === undefined;
  }

  /** Where an account that has no home yet begins. */
  get first(): DataCentre {
    const [first] = this.#listed;
    if (first === undefined) throw unknownDataCentre(0);
    return this.byId(first.id);
  }

  isKnown(id: number): boolean {
    return this.#addressesOf(id).length > 0;
  }

  /** The address whose turn it is. @throws {TelegraphistError} `DATA_CENTRE_UNKNOWN` */
  byId(id: number): DataCentre {
    const addresses = this.#addressesOf(id);
    const silent = this.#silent.get(id);
    const last = silent === undefined ? -1 : addresses.findIndex((address) => isSame(address, silent));
    const next = addresses[(last + 1) % addresses.length];
    if (next === undefined) throw unknownDataCentre(id);
    return next;
  }

  /** The address did not answer: it is the next one's turn. */
  passOver(address: DataCentre): void {
    this.#silent.set(address.id, address);
  }

  /** Takes in where the server says that its data centres are: in place of what it said before. */
  learn(options: readonly Api.TypeDcOption[]): void {
    this.#told = options
      .filter(takesAccounts)
      // Many machines have no way to IPv6 addresses.
      .toSorted((a, b) => Number(a.ipv6 ?? false) - Number(b.ipv6 ?? false))
      .map(({ id, ipAddress, port }) => ({ id, host: ipAddress, port }))
      .filter((address, index, all) => all.findIndex((other) => isSame(other, address)) === index);
  }

  /** What a person lists of a server of their own is all there is; Telegram knows its addresses better than this list. */
  #addressesOf(id: number): readonly DataCentre[] {
    const listed = this.#listed.filter((address) => address.id === id);
    if (!this.#isTelegram && listed.length > 0) return listed;
    const told = this.#told.filter((address) => address.id === id);
    return [...told, ...listed.filter((address) => !told.some((other) => isSame(other, address)))];
  }
}

/** Not those for files alone, for copies of popular files, or for other transports than the full one. */
function takesAccounts({ cdn, mediaOnly, secret, tcpoOnly }: Api.TypeDcOption): boolean {
  // GramJS reads a field that is not there as `null`, whatever its type says.
  return !(cdn || mediaOnly || tcpoOnly || secret);
}

function isSame(a: DataCentre, b: DataCentre): boolean {
  return a.id === b.id && a.host === b.host && a.port === b.port;
}

function unknownDataCentre(id: number): TelegraphistError {
  return new TelegraphistError({
    code: "DATA_CENTRE_UNKNOWN",
    category: "INVALID",
    message: `Cannot find the data centre ${id}: add it to telegram.server.dataCentres`,
    data: { dataCentreId: id },
  });
}
