import type { TlObject } from "../tl/value.ts";
import { acceptToken } from "../world/accept-token.ts";
import type { LoginToken } from "../world/login-tokens.ts";
import type { PeerId } from "../world/peer-id.ts";
import type { Person } from "../world/person.ts";
import { personView } from "../world/person-view.ts";
import type { WorldState } from "../world/world-state.ts";
import { authorizationView } from "./authorization-view.ts";
import { forSignedIn } from "./caller.ts";
import { bytes, longs, text } from "./fields.ts";
import { type RpcCall, RpcError, type RpcHandlers } from "./rpc.ts";

/** Signing in by a QR code that another session of the person scans (core.telegram.org/api/qr-login). */
export function loginTokenMethods(state: WorldState): RpcHandlers {
  const success = (person: Person): TlObject => {
    const authorization = { _: "auth.authorization", user: personView(state, person.id, person) };
    return { _: "auth.loginTokenSuccess", authorization };
  };
  /** The key that asked gets its session, where the person is at home. */
  const finish = (token: LoginToken & { readonly acceptedBy: PeerId }, call: RpcCall): TlObject => {
    const person = state.person(token.acceptedBy);
    if (person.homeDataCentreId !== call.dcId) {
      return { _: "auth.loginTokenMigrateTo", dc_id: person.homeDataCentreId, token: token.bytes };
    }
    state.loginTokens.use(token);
    if (person.password !== null) {
      state.authorizations.awaitPassword(call.authKeyId, person.id);
      throw new RpcError(401, "SESSION_PASSWORD_NEEDED");
    }
    state.authorizations.add(call, person.id, state.nowS(), { hash: token.hash });
    return success(person);
  };

  return {
    "auth.exportLoginToken": (request, call) => {
      if (text(request, "api_hash") === "") throw new RpcError(400, "API_ID_INVALID");
      if (state.authorizations.userOf(call.authKeyId) !== undefined) {
        return success(state.person(state.authorizations.require(call, state.nowS()).userId));
      }
      const accepted = state.loginTokens.acceptedFor(call.authKeyId, state.nowS());
      if (accepted !== null) return finish(accepted, call);
      const exceptIds = longs(request, "except_ids").map(Number);
      const token = state.loginTokens.make(call, exceptIds, state.nowS());
      return { _: "auth.loginToken", expires: token.expiresAtS, token: token.bytes };
    },
    "auth.importLoginToken": (request, call) =>
      finish(state.loginTokens.brought(bytes(request, "token"), state.nowS()), call),
    ...forSignedIn(state, {
      "auth.acceptLoginToken": (request, { person, authKeyId }) =>
        authorizationView(acceptToken(state, person, bytes(request, "token")), authKeyId),
    }),
  };
}
