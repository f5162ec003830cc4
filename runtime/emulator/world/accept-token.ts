import type { Authorization } from "./authorizations.ts";
import type { Person } from "./person.ts";
import type { WorldState } from "./world-state.ts";

/**
 * Accepts a login token as one who is signed in, and tells the session that shows it. Returns the session that the
 * person gets by it once the other side has fetched it.
 *
 * @throws {RpcError} what `LoginTokens.accept` throws
 */
export function acceptToken(state: WorldState, person: Person, bytes: Uint8Array): Authorization {
  const nowS = state.nowS();
  const { call, hash } = state.loginTokens.accept(bytes, person.id, nowS);
  const update = { _: "updateLoginToken" };
  state.push?.push(call.authKeyId, { _: "updateShort", update, date: nowS });
  return {
    authKeyId: call.authKeyId,
    userId: person.id,
    dataCentreId: person.homeDataCentreId,
    hash,
    sessionKeyId: call.authKeyId,
    createdAtS: nowS,
    client: call.client,
    activeAtS: nowS,
  };
}
