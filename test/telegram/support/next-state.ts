import type { Account, AccountState } from "../../../runtime/telegram/index.ts";

/** Resolves when the account comes into the state, from now on. */
export function nextState(account: Account, wanted: AccountState["state"]): Promise<AccountState> {
  const { promise, resolve } = Promise.withResolvers<AccountState>();
  const dispose = account.onState((state) => {
    if (state.state !== wanted) return;
    void dispose();
    resolve(state);
  });
  return promise;
}
