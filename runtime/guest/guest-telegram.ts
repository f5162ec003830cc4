import type { AccountRef, Telegram } from "../contract/index.ts";
import { isRecord, telegramParameters } from "../wire/index.ts";
import type { GuestCalls } from "./guest-calls.ts";

export interface GuestTelegramOptions {
  readonly calls: GuestCalls;
  /** As it is known now. */
  readonly account: () => AccountRef;
  /** Whether it is the port that a handler is given with its event. */
  readonly isHandlers: boolean;
}

/** An account's Telegram: each call is the host's to check and to make. */
export function createGuestTelegram({ calls, account, isHandlers }: GuestTelegramOptions): Telegram {
  const methods = Object.entries(telegramParameters).map(([method, shapes]) => {
    const optionsAt = shapes.indexOf("options");
    const call = async (...given: unknown[]): Promise<unknown> => {
      const { signal, onProgress, options } = splitOptions(given[optionsAt]);
      const params = [account().name, isHandlers, ...given.slice(0, optionsAt), options];
      const { value } = await calls.call(`telegram.${method}`, params, { signal, onProgress });
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
    Object.getOwnPropertyDescriptors(Object.fromEntries(methods)),
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
