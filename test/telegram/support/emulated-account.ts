import type { Clock, Telegram } from "../../../runtime/contract/index.ts";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
  type UserView,
} from "../../../runtime/emulator/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import type { SessionHold, Storage } from "../../../runtime/storage/index.ts";
import { nextState } from "./next-state.ts";
import { type RecordedAccount, type RecordOptions, recordAccount } from "./recorded-account.ts";
import { memoryStorage } from "./storage.ts";

/** An account that is logged in to a whole local Telegram. */
export interface EmulatedAccount extends RecordedAccount, AsyncDisposable {
  readonly emulator: Emulator;
  readonly telegram: Telegram;
  readonly storage: Storage;
  /** The person that the account is. */
  readonly owner: UserView;
  /** Logs the account in, as it was in the beginning. */
  logIn(): Promise<unknown>;
}

export interface EmulatedAccountOptions
  extends EmulatorOptions,
    Pick<RecordOptions, "rotateAfterMs" | "keep" | "logger"> {
  /** Of two-step verification. @default none */
  readonly password?: string;
  /** Runs between the login and the start. */
  readonly meanwhile?: (storage: Storage) => Promise<void>;
  /** Makes the program the only one that uses the session. */
  readonly takeSession?: (storage: Storage) => Promise<SessionHold>;
  /** Of the account. @default the machine's time */
  readonly clock?: Clock;
  /** Runs before the account logs in. */
  readonly prepare?: (emulator: Emulator) => void;
}

export async function openEmulatedAccount({
  clock = systemClock,
  prepare,
  takeSession,
  rotateAfterMs = null,
  keep,
  logger,
  password = "",
  meanwhile,
  ...options
}: EmulatedAccountOptions = {}): Promise<EmulatedAccount> {
  const stack = new AsyncDisposableStack();
  const emulator = stack.use(await startEmulator(options));
  prepare?.(emulator);
  const phone = "+15550001";
  const owner = emulator.world.createUser({
    firstName: "Owner",
    phone,
    ...(password !== "" && { password }),
  });
  const storage = stack.use(await memoryStorage());
  const { account, events, event, again } = recordAccount(emulator.server, storage, {
    clock,
    rotateAfterMs,
    ...(keep !== undefined && { keep }),
    ...(logger !== undefined && { logger }),
    ...(takeSession !== undefined && { takeSession: () => takeSession(storage) }),
  });
  stack.defer(() => account.stop());
  const logIn = () =>
    account.login({
      phone: async () => phone,
      code: async () => emulator.world.loginCode(phone) ?? "",
      password: async () => password,
    });
  await logIn();
  await meanwhile?.(storage);
  const online = nextState(account, "online");
  await account.start({ signal: AbortSignal.timeout(20_000) });
  await online;
  return {
    emulator,
    account,
    owner,
    logIn,
    events,
    telegram: account.telegram,
    storage,
    event,
    again() {
      const another = again();
      stack.defer(() => another.stop());
      return another;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
