import {
  type EventMap,
  type EventName,
  parseAccountName,
  type Telegram,
  type TelegraphistEvent,
} from "../../../runtime/contract/index.ts";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
  type UserView,
} from "../../../runtime/emulator/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { type Account, createAccount } from "../../../runtime/telegram/index.ts";
import { silent } from "./mtproto-rig.ts";
import { memoryStorage } from "./storage.ts";

/** An account that is logged in to a whole local Telegram. */
export interface EmulatedAccount extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly account: Account;
  readonly telegram: Telegram;
  /** The person that the account is. */
  readonly owner: UserView;
  readonly events: readonly TelegraphistEvent[];
  /** The first event of the type that fits, whether it was there already or comes later. */
  event<Name extends EventName>(
    type: Name,
    fits?: (event: EventMap[Name]) => boolean,
  ): Promise<EventMap[Name]>;
}

export async function openEmulatedAccount(options: EmulatorOptions = {}): Promise<EmulatedAccount> {
  const stack = new AsyncDisposableStack();
  const emulator = stack.use(await startEmulator(options));
  const phone = "+15550001";
  const owner = emulator.world.createUser({ firstName: "Owner", phone });
  const storage = stack.use(await memoryStorage());
  const events: TelegraphistEvent[] = [];
  const listeners = new Set<() => void>();
  const account = createAccount({
    name: parseAccountName("me"),
    api: { id: 1, hash: "hash" },
    server: emulator.server,
    storage,
    logger: silent,
    clock: systemClock,
    onEvent: async (event) => {
      events.push(event);
      for (const listener of listeners) listener();
    },
  });
  stack.defer(() => account.stop());
  await account.login({
    phone: async () => phone,
    code: async () => emulator.world.loginCode(phone) ?? "",
    password: async () => "",
  });
  await account.start({ signal: AbortSignal.timeout(20_000) });
  return {
    emulator,
    account,
    owner,
    events,
    telegram: account.telegram,
    event: (type, fits = () => true) => {
      const { promise, resolve } = Promise.withResolvers<EventMap[typeof type]>();
      const look = () => {
        for (const event of events) {
          if (!isOf(event, type) || !fits(event)) continue;
          listeners.delete(look);
          resolve(event);
          return;
        }
      };
      listeners.add(look);
      look();
      return promise;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function isOf<Name extends EventName>(event: TelegraphistEvent, type: Name): event is EventMap[Name] {
  return event.type === type;
}
