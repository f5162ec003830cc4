import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
  type UserView,
} from "../../../runtime/emulator/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import type { Account, LoginPrompts } from "../../../runtime/telegram/index.ts";
import { type RecordOptions, recordAccount } from "./recorded-account.ts";
import { memoryStorage } from "./storage.ts";

export const phone = "+15550001";
export const password = "correct horse";

/** An account that is not logged in, on an emulator whose people a test makes. */
export interface LoginRig extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly storage: Storage;
  readonly account: Account;
  /** Answers as somebody without a password would. */
  readonly prompts: LoginPrompts;
  createAda(details?: Partial<Parameters<Emulator["world"]["createUser"]>[0]>): UserView;
}

/** @param options.firstDataCentreId where a login begins. @default 1 */
export async function startLoginRig(
  options: EmulatorOptions & Pick<RecordOptions, "clock"> & { readonly firstDataCentreId?: number } = {},
): Promise<LoginRig> {
  await using made = new AsyncDisposableStack();
  const emulator = made.use(await startEmulator(options));
  const storage = await memoryStorage();
  made.defer(() => storage.close());
  const { firstDataCentreId = 1 } = options;
  const isFirst = ({ id }: { readonly id: number }) => Number(id === firstDataCentreId);
  const dataCentres = emulator.server.dataCentres.toSorted((a, b) => isFirst(b) - isFirst(a));
  const { account } = recordAccount({ ...emulator.server, dataCentres }, storage, options);
  made.defer(() => account.stop());
  const owned = made.move();
  return {
    emulator,
    storage,
    account,
    prompts: {
      phone: async () => phone,
      code: async () => emulator.world.loginCode(phone) ?? "",
      password: () => Promise.reject(new Error("No password was expected")),
    },
    createAda: (details = {}) => emulator.world.createUser({ firstName: "Ada", phone, ...details }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
