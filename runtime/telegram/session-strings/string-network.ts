import { TelegraphistError } from "../../contract/index.ts";
import type { ServerOptions } from "../data-centres.ts";
import type { PortableSession } from "./portable-session.ts";

/** Source: core.telegram.org/resources/cidr.txt, and the names that npm `telegram` uses for WebSockets. */
const telegramHost = /^149\.154\.1[67]\d\.|^91\.108\.|^2001:(0?67c:0?4e8|b28:f23[cdf]):|\.telegram\.org$/i;
/** Source: `kBuiltInDcsTest` in github.com/telegramdesktop/tdesktop, mtproto_dc_options.cpp. */
const testHost =
  /^(149\.154\.175\.10|149\.154\.167\.40|149\.154\.175\.117|2001:67c:4e8:f002::e|2001:b28:f23d:f00[13]::e)$/i;

/**
 * Refuses a string of another network than the configured one: its key would be asked for in vain, or be told where it is
 * not at home. A string that does not tell where it is from passes; the server has the last word.
 *
 * @throws {TelegraphistError} `SESSION_STRING_NETWORK`
 */
export function refuseForeignString(
  { address, isTest }: PortableSession,
  server: ServerOptions | undefined,
): void {
  const host = address?.host ?? null;
  if (server !== undefined) {
    const isListed = server.dataCentres.some((dataCentre) => dataCentre.host === host);
    if (!isListed && host !== null && telegramHost.test(host)) {
      throw foreign("it is of Telegram itself, while telegram.server names another server");
    }
    return;
  }
  if (isTest === true || (host !== null && isTestHost(host))) {
    throw foreign("it is of Telegram's test servers, whose accounts are not known to Telegram itself");
  }
  if (host !== null && !telegramHost.test(host)) {
    throw foreign("it is of a server that is not Telegram's, name it under telegram.server");
  }
}

/** Whether it is an address of Telegram's test servers. */
export function isTestHost(host: string): boolean {
  return testHost.test(host);
}

function foreign(reason: string): TelegraphistError {
  return new TelegraphistError({
    code: "SESSION_STRING_NETWORK",
    category: "INVALID",
    message: `Cannot import the session string: ${reason}`,
  });
}
