import type { App } from "../../runtime/app/index.ts";
import { parseAccountName } from "../../runtime/contract/index.ts";

export const me = parseAccountName("me");

/** The account `me` of an app. */
export function accountOf({ accounts }: App) {
  const account = accounts.get(me);
  if (account === undefined) throw new Error("There is no account me");
  return account;
}

/** Resolves with the account's state once it is that one. */
export async function reached<Name extends ReturnType<typeof accountOf>["state"]["state"]>(
  app: App,
  name: Name,
) {
  type State = ReturnType<typeof accountOf>["state"];
  const account = accountOf(app);
  const { promise, resolve } = Promise.withResolvers<Extract<State, { readonly state: Name }>>();
  const look = (state: State) => {
    // The tag was just compared.
    if (state.state === name) resolve(state as Extract<State, { readonly state: Name }>);
  };
  const dispose = account.onState(look);
  look(account.state);
  return promise.finally(dispose);
}
