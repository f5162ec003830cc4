import { type Emulator, startEmulator, type UserView, type World } from "../../../runtime/emulator/index.ts";
import type { Account } from "../../../runtime/telegram/index.ts";
import { type RecordedAccount, recordAccount } from "./recorded-account.ts";
import { memoryStorage } from "./storage.ts";

/** An account that comes and goes, over one database, while the local Telegram goes on. */
export interface AwayAccount extends Pick<RecordedAccount, "events" | "event">, AsyncDisposable {
  readonly emulator: Emulator;
  readonly world: World;
  readonly owner: UserView;
  /** The account object of the present stay. */
  readonly account: Account;
  /** Begins a stay; resolves when the account is online. */
  come(): Promise<void>;
  go(): Promise<void>;
  /** Resolves when the message with that text has come. */
  received(text: string): Promise<unknown>;
  /** The texts of received messages, in order; of one chat where one is named. */
  texts(chatId?: string): readonly string[];
}

/**
 * Opens an account that is online for the first time.
 *
 * @param prepare called before the login
 * @param meanwhile called between the login and the first stay
 */
export async function openAwayAccount(
  prepare: (world: World, owner: UserView) => void = () => undefined,
  meanwhile: (world: World, owner: UserView) => void = () => undefined,
): Promise<AwayAccount> {
  const stack = new AsyncDisposableStack();
  const emulator = stack.use(await startEmulator());
  const { world } = emulator;
  const phone = "+15550001";
  const owner = world.createUser({ firstName: "Owner", phone });
  prepare(world, owner);
  const storage = stack.use(await memoryStorage());
  const recorded = recordAccount(emulator.server, storage);
  let { account } = recorded;
  stack.defer(() => account.stop());
  await account.login({
    phone: async () => phone,
    code: async () => world.loginCode(phone) ?? "",
    password: async () => "",
  });
  meanwhile(world, owner);
  const come = async () => {
    account = recorded.again();
    const online = Promise.withResolvers<void>();
    account.onState(({ state }) => state === "online" && online.resolve());
    await account.start({ signal: AbortSignal.timeout(20_000) });
    await online.promise;
  };
  await come();
  return {
    emulator,
    world,
    owner,
    get account() {
      return account;
    },
    events: recorded.events,
    event: recorded.event,
    come,
    go: () => account.stop(),
    received: (text) => recorded.event("message.received", (event) => event.text === text),
    texts: (chatId) =>
      recorded.events.flatMap((event) =>
        event.type === "message.received" && (chatId === undefined || event.chat.id === chatId)
          ? event.text
          : [],
      ),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
