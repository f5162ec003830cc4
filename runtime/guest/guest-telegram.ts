import type { AccountRef, Telegram } from "../contract/index.ts";
import { type Connection, isRecord, telegramParameters } from "../wire/index.ts";

export interface GuestTelegramOptions {
  readonly connection: Pick<Connection, "call">;
  /** As it is known now. */
  readonly account: () => AccountRef;
  /** The delivery in whose handler the port is used. */
  readonly within?: number;
}

/** An account's Telegram: each call is the host's to check and to make. */
export function createGuestTelegram({ connection, account, within }: GuestTelegramOptions): Telegram {
  const calls = Object.entries(telegramParameters).map(([method, shapes]) => {
    const optionsAt = shapes.indexOf("options");
    const call = async (...given: unknown[]): Promise<unknown> => {
      const { signal, onProgress, options } = splitOptions(given[optionsAt]);
      const params = [account().name, ...given.slice(0, optionsAt), options];
      const { value } = await connection.call(`telegram.${method}`, params, { signal, onProgress, within });
      return value;
    };
    return [method, call];
  });
  const port = {
    get account() {
      return account();
    },
  };
  // The table has every method of the port, and the host answers with what the method returns.
  return Object.defineProperties(
    port,
    Object.getOwnPropertyDescriptors(Object.fromEntries(calls)),
  ) as Telegram;
}

/** What of a call's options is plain data, and what stays on this side. */
function splitOptions(given: unknown) {
  if (!isRecord(given)) return { signal: undefined, onProgress: undefined, options: null };
  const { signal, onProgress, ...options } = given;
  return {
    signal: signal instanceof AbortSignal ? signal : undefined,
    onProgress: typeof onProgress === "function" ? (progress: unknown) => onProgress(progress) : undefined,
    options,
  };
}
