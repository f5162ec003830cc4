import type { WorldState } from "../world/world-state.ts";
import { accountMethods } from "./account.ts";
import { authMethods } from "./auth.ts";
import { channelMethods } from "./channels.ts";
import { contactMethods } from "./contacts.ts";
import { dialogMethods } from "./dialogs.ts";
import { groupMethods } from "./groups.ts";
import { type DataCentres, helpMethods } from "./help.ts";
import { historyMethods } from "./history.ts";
import { inviteMethods } from "./invites.ts";
import { loginTokenMethods } from "./login-tokens.ts";
import { messageMethods } from "./messages.ts";
import { PasswordChecks } from "./password-checks.ts";
import type { RpcHandlers } from "./rpc.ts";
import { updateMethods } from "./updates.ts";
import { uploadMethods } from "./upload.ts";
import { userMethods } from "./users.ts";

/** Every method that the local Telegram answers, over one state. */
export function createHandlers(state: WorldState, dataCentres: DataCentres): RpcHandlers {
  const passwords = new PasswordChecks();
  return {
    ...helpMethods(state, dataCentres),
    ...authMethods(state, passwords),
    ...loginTokenMethods(state),
    ...accountMethods(state, passwords),
    ...userMethods(state),
    ...contactMethods(state),
    ...updateMethods(state),
    ...dialogMethods(state),
    ...historyMethods(state),
    ...messageMethods(state),
    ...groupMethods(state),
    ...channelMethods(state),
    ...inviteMethods(state),
    ...uploadMethods(state),
  };
}
