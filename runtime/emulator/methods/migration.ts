import { isImported } from "../world/authorizations.ts";
import type { WorldState } from "../world/world-state.ts";
import { type RpcCall, RpcError } from "./rpc.ts";

/** What vouches for an account elsewhere, ends a session, or is about the server and files goes on. */
const anywhere = /^(help|upload)\.|^auth\.(exportAuthorization|logOut)$/;

/**
 * What a call hears over a key that its person signed in with where they lived before; undefined when it may go on. A key
 * that was imported was never at home where it is.
 */
export function migrationOf(
  { authorizations, people }: WorldState,
  method: string,
  { authKeyId }: RpcCall,
): RpcError | undefined {
  const authorization = authorizations.of(authKeyId);
  if (authorization === undefined || isImported(authorization) || anywhere.test(method)) return undefined;
  const home = people.get(authorization.userId)?.homeDataCentreId;
  if (home === undefined || home === authorization.dataCentreId) return undefined;
  return new RpcError(303, `USER_MIGRATE_${home}`);
}
