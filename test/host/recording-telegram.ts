import type { Telegram } from "../../runtime/contract/index.ts";
import { account } from "../support/sample-events.ts";

/** A port that notes which calls reached it and answers as told, to show which never do. */
export function recordingTelegram(answers: Readonly<Partial<Record<keyof Telegram, unknown>>> = {}): {
  readonly port: Telegram;
  readonly calls: readonly (readonly unknown[])[];
} {
  const calls: unknown[][] = [];
  const answered: Readonly<Record<string, unknown>> = answers;
  const port = new Proxy(
    {},
    {
      get: (_, method) => {
        if (method === "account") return account;
        return (...parameters: unknown[]) => {
          calls.push([method, ...parameters]);
          return Promise.resolve(answered[String(method)]);
        };
      },
    },
  );
  // Every method of the port is answered by the trap above.
  return { port: port as Telegram, calls };
}
