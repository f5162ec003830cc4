import { isImported } from "../world/authorizations.ts";
import { personView } from "../world/person-view.ts";
import { setPresence } from "../world/signals.ts";
import type { WorldState } from "../world/world-state.ts";
import { authorizationView } from "./authorization-view.ts";
import { change, forSignedIn } from "./caller.ts";
import { flag, long, text } from "./fields.ts";
import type { PasswordChecks } from "./password-checks.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";

export function accountMethods(state: WorldState, passwords: PasswordChecks): RpcHandlers {
  return {
    // Asked between the code and the password, so before the login is whole.
    "account.getPassword": (_request, call) => {
      const userId =
        state.authorizations.passwordPendingFor(call.authKeyId) ??
        state.authorizations.require(call, state.nowS()).userId;
      return passwords.view(state.person(userId));
    },
    ...forSignedIn(state, {
      "account.getAuthorizations": (_request, { person, call }) => {
        const { sessionKeyId } = state.authorizations.require(call, state.nowS());
        const all = [...state.authorizations.list(person.id)];
        return {
          _: "account.authorizations",
          authorization_ttl_days: 180,
          authorizations: all
            .filter((authorization) => !isImported(authorization))
            .map((authorization) => authorizationView(authorization, sessionKeyId)),
        };
      },
      "account.resetAuthorization": (request, { person }) => {
        const hash = long(request, "hash");
        const found = [...state.authorizations.list(person.id)].find((one) => one.hash === hash);
        if (found === undefined) throw new RpcError(400, "HASH_INVALID");
        state.authorizations.revoke(found.authKeyId);
        return true;
      },
      "account.updateStatus": (request, caller) => {
        change(state, caller, (batch) =>
          setPresence(state, batch, caller.person, flag(request, "offline") ? "offline" : "online"),
        );
        return true;
      },
      "account.updateUsername": (request, { person }) => {
        state.rename(person, text(request, "username") || null);
        return personView(state, person.id, person);
      },
      "account.getNotifySettings": () => ({ _: "peerNotifySettings" }),
    }),
  };
}
