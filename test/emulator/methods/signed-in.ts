import { Api, type TelegramClient } from "telegram";
import { Raw } from "telegram/events/index.js";
import { computeCheck } from "telegram/Password.js";
import type { StringSession } from "telegram/sessions/index.js";
import { type Emulator, RpcError } from "../../../runtime/emulator/index.ts";
import { addressOf, gramjsClient } from "../mtproto/gramjs.ts";

/** Npm `telegram` against an emulator, connected and not signed in. */
export async function connectedTo(emulator: Emulator, session?: StringSession): Promise<TelegramClient> {
  const [publicKeyPem = ""] = emulator.server.publicKeys;
  const { dataCentres } = emulator.server;
  const client = gramjsClient({ dataCentres, publicKeyPem }, session, { requestRetries: 3 });
  // GramJS knows data centres by address alone; here they differ by port.
  Object.assign(client, { getDC: async (id: number) => ({ id, ipAddress: addressOf(id), port: 443 }) });
  await client.connect();
  return client;
}

/** Signs in with the code that the emulator "sent", and the password when it is asked for. */
export async function signIn(
  emulator: Emulator,
  client: TelegramClient,
  phoneNumber: string,
  password?: string,
): Promise<void> {
  const { phoneCodeHash } = await client.sendCode({ apiId: 1, apiHash: "hash" }, phoneNumber);
  const phoneCode = emulator.world.loginCode(phoneNumber) ?? "";
  try {
    await client.invoke(new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode }));
  } catch (error) {
    if (errorName(error) !== "SESSION_PASSWORD_NEEDED" || password === undefined) throw error;
    await checkPassword(client, password);
  }
}

export async function checkPassword(client: TelegramClient, password: string): Promise<void> {
  const challenge = await client.invoke(new Api.account.GetPassword());
  await client.invoke(new Api.auth.CheckPassword({ password: await computeCheck(challenge, password) }));
}

/** The name of Telegram's error in whatever was thrown. */
export function errorName(error: unknown): string {
  if (error instanceof RpcError) return error.errorMessage;
  if (error instanceof Error && "errorMessage" in error) return String(error.errorMessage);
  throw error;
}

/** The error that a call ends in; throws when it does not. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return errorName(error);
  }
  throw new Error("The call was answered");
}

type AnyUpdate = Api.TypeUpdate | Api.TypeUpdates;

/** What a client is told from now on. */
export class Inbox {
  readonly updates: AnyUpdate[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(client: TelegramClient) {
    client.addEventHandler((update: AnyUpdate) => {
      this.updates.push(update);
      for (const wake of this.#waiting) wake();
    }, new Raw({}));
  }

  /** The first update of a class that came, or the next that comes. */
  async first<Update extends AnyUpdate>(
    kind: new (...parameters: never[]) => Update,
    matches: (update: Update) => boolean = () => true,
  ): Promise<Update> {
    for (;;) {
      for (const update of this.updates) if (update instanceof kind && matches(update)) return update;
      const next = Promise.withResolvers<void>();
      this.#waiting.add(next.resolve);
      await next.promise;
      this.#waiting.delete(next.resolve);
    }
  }
}
