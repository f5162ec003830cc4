import { timingSafeEqual } from "node:crypto";
import { span, spanNames } from "../../telemetry/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import type { AccountOptions } from "./account-face.ts";
import { Api } from "./gramjs.ts";
import type { LoginPort } from "./login-port.ts";
import type { SessionImport } from "./login-prompts.ts";
import { selfOf } from "./lost-answer.ts";
import { readSessionString } from "./session-strings/session-strings.ts";
import { refuseForeignString } from "./session-strings/string-network.ts";

/**
 * Takes over the session of another library, once Telegram has shown that it is good and whose it is. The other program
 * MUST be stopped before: Telegram ends a session that two programs use.
 *
 * @throws {TelegraphistError} `SESSION_STRING_UNKNOWN`, `SESSION_STRING_NETWORK`, `SESSION_STRING_KNOWN`, `LOGIN_BOT`,
 * `AUTH_KEY_NOT_FOUND`, and Telegram's own names of a session that is over
 */
export function logInByString(
  port: LoginPort,
  { sessionString, signal = new AbortController().signal }: SessionImport,
  { server, storage }: Pick<AccountOptions, "server" | "storage">,
): Promise<Api.User> {
  return span(spanNames.login, { root: true }, async () => {
    const portable = readSessionString(sessionString);
    refuseForeignString(portable, server);
    await refuseKnownKey(storage.sessions, portable.authKey);
    await port.moveTo(portable.dataCentreId, portable.authKey);
    await port.invoke(new Api.updates.GetState(), signal);
    return selfOf(port, signal);
  });
}

/** Two accounts of one key would be the two places at which Telegram ends a session. */
async function refuseKnownKey(
  sessions: AccountOptions["storage"]["sessions"],
  authKey: Uint8Array,
): Promise<void> {
  for (const { account } of await sessions.list()) {
    const record = await sessions.load(account);
    if (record?.state !== "active") continue;
    for (const known of record.authKeys.values()) {
      if (known.length !== authKey.length || !timingSafeEqual(known, authKey)) continue;
      throw new TelegraphistError({
        code: "SESSION_STRING_KNOWN",
        category: "INVALID",
        message: `Cannot import the session string: the account "${account}" has the session`,
        data: { account },
      });
    }
  }
}
