import type { SessionRecord } from "../../storage/index.ts";
import { noSession } from "../account-errors.ts";
import type { ApiIdentity } from "../connection.ts";
import { DataCentres, type ServerOptions } from "../data-centres.ts";
import { unfinishedSession } from "./portable-session.ts";
import { type SessionFormat, writeSessionString } from "./session-strings.ts";
import { isTestHost } from "./string-network.ts";

/**
 * Writes a session as a string of a library. Whoever has it has the account: it MUST reach nobody but its owner.
 *
 * @throws {TelegraphistError} `ACCOUNT_NO_SESSION` when it is over, `SESSION_STRING_UNFINISHED` when its login is not
 * done, `SESSION_STRING_ADDRESS`
 */
export function exportSession(
  { authKeys, mainDataCentreId: dataCentreId, userId, account, state }: SessionRecord,
  format: SessionFormat,
  { api, server }: { readonly api: ApiIdentity; readonly server: ServerOptions | undefined },
): string {
  if (state === "logged-out") throw noSession(account, true);
  const authKey = authKeys.get(dataCentreId);
  if (authKey === undefined || userId === null) throw unfinishedSession(account);
  const address = new DataCentres(server).byId(dataCentreId);
  const isTest = isTestHost(address.host);
  return writeSessionString(format, { dataCentreId, address, isTest, authKey, userId, apiId: api.id });
}
