import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
  type UserView,
  type World,
} from "../../../runtime/emulator/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import type { Account } from "../../../runtime/telegram/index.ts";
import { type RecordedAccount, type RecordOptions, recordAccount } from "./recorded-account.ts";
import { memoryStorage } from "./storage.ts";

/** An account that comes and goes, over one database, while the local Telegram goes on. */
export interface AwayAccount extends Pick<RecordedAccount, "events" | "event">, AsyncDisposable {
  readonly emulator: Emulator;
  readonly world: World;
  readonly owner: UserView;
  readonly storage: Storage;
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

interface AwayAccountOptions extends Pick<EmulatorOptions, "now">, Pick<RecordOptions, "keep"> {
  /** Runs before the login. */
  readonly prepare?: (world: World, owner: UserView) => void;
  /** Runs between the login and the first stay. */
  readonly meanwhile?: (world: World, owner: UserView) => void;
}

/** Opens an account that is online for the first time. */
export async function openAwayAccount({
  prepare,
  meanwhile,
  keep,
  ...options
}: AwayAccountOptions = {}): Promise<AwayAccount> {
  const stack = new AsyncDisposableStack();
  const emulator = stack.use(await startEmulator(options));
  const { world } = emulator;
  const phone = "+15550001";
  const owner = world.createUser({ firstName: "Owner", phone });
  prepare?.(world, owner);
  const storage = stack.use(await memoryStorage());
  const recorded = recordAccount(emulator.server, storage, keep && { keep });
  let { account } = recorded;
  stack.defer(() => account.stop());
  await account.login({
    phone: async () => phone,
    code: async () => world.loginCode(phone) ?? "",
    password: async () => "",
  });
  meanwhile?.(world, owner);
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
    storage,
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
