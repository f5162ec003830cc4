import { type RpcCall, RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import type { Account, AccountState, LoginPrompts } from "../../../runtime/telegram/index.ts";
import { type MtprotoRig, startMtprotoRig } from "./mtproto-rig.ts";
import { type RecordedAccount, recordAccount } from "./recorded-account.ts";
import { memoryStorage } from "./storage.ts";

/** The code that the server sends. */
export const rightCode = "12345";
/** Where the account is at home. */
export const homeDataCentreId = 4;

/** One account on a server that knows how to log it in, whose other methods a test gives. */
export interface AccountRig extends RecordedAccount, AsyncDisposable {
  readonly storage: Storage;
  readonly telegram: MtprotoRig;
  /** Resolves when the account, or another than the rig's own, is in the state. */
  reached(state: AccountState["state"], account?: Account): Promise<void>;
}

export const prompts: LoginPrompts = {
  phone: async () => "+1 (555) 000-0001",
  code: async () => rightCode,
  password: () => Promise.reject(new Error("No password was expected")),
};

export async function startAccountRig(handlers: RpcHandlers = {}): Promise<AccountRig> {
  const telegram = startMtprotoRig({ ...loginHandlers(), ...handlers }, [2, homeDataCentreId]);
  const storage = await memoryStorage();
  const { dataCentres, publicKeyPem } = telegram.server;
  const recorded = recordAccount({ dataCentres, publicKeys: [publicKeyPem] }, storage);
  const { account, events, event } = recorded;
  const accounts = [account];
  const again = () => {
    const another = recorded.again();
    accounts.push(another);
    return another;
  };
  return {
    account,
    storage,
    telegram,
    events,
    again,
    event,
    reached: (state, who = account) =>
      new Promise((resolve) => {
        if (who.state.state === state) return resolve();
        const dispose = who.onState((next) => {
          if (next.state !== state) return;
          void dispose();
          resolve();
        });
      }),
    async [Symbol.asyncDispose]() {
      for (const each of accounts) await each.stop();
      await telegram[Symbol.asyncDispose]();
      await storage.close();
    },
  };
}

/** A login by code at the account's home, and the 401 of whoever has not done it. */
function loginHandlers(): RpcHandlers {
  const loggedIn = new Set<string>();
  const exported = new Map<string, true>();
  const user: TlObject = { _: "user", id: 7n, self: true, access_hash: 1n, first_name: "Ada" };
  const refuseStrangers = ({ authKeyId }: RpcCall) => {
    if (!loggedIn.has(authKeyId)) throw new RpcError(401, "AUTH_KEY_UNREGISTERED");
  };
  return {
    "auth.sendCode": (_, { dcId }) => {
      if (dcId !== homeDataCentreId) throw new RpcError(303, `PHONE_MIGRATE_${homeDataCentreId}`);
      return { _: "auth.sentCode", type: { _: "auth.sentCodeTypeApp", length: 5 }, phone_code_hash: "hash" };
    },
    "auth.signIn": ({ phone_code: code }, { authKeyId }) => {
      if (code !== rightCode) throw new RpcError(400, "PHONE_CODE_INVALID");
      loggedIn.add(authKeyId);
      return { _: "auth.authorization", user };
    },
    "auth.exportAuthorization": (_, call) => {
      refuseStrangers(call);
      exported.set("ticket", true);
      return { _: "auth.exportedAuthorization", id: 7n, bytes: Buffer.from("ticket") };
    },
    "auth.importAuthorization": (_, { authKeyId }) => {
      if (!exported.delete("ticket")) throw new RpcError(400, "AUTH_BYTES_INVALID");
      loggedIn.add(authKeyId);
      return { _: "auth.authorization", user };
    },
    "auth.logOut": (_, { authKeyId }) => {
      loggedIn.delete(authKeyId);
      return { _: "auth.loggedOut" };
    },
    "updates.getState": (_, call) => {
      refuseStrangers(call);
      return { _: "updates.state", pts: 1, qts: 0, date: 1, seq: 1, unread_count: 0 };
    },
    "updates.getDifference": () => ({ _: "updates.differenceEmpty", date: 1, seq: 1 }),
    "messages.getDialogs": () => ({ _: "messages.dialogs", dialogs: [], messages: [], chats: [], users: [] }),
    "users.getUsers": () => [user],
  };
}
