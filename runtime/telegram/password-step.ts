import { type ErrorRecord, hasCode, TelegraphistError } from "../contract/index.ts";
import { orAborted } from "./abortable.ts";
import { Api, computeCheck } from "./gramjs.ts";
import { userOf } from "./login-outcome.ts";
import { type LoginPort, maxAttempts } from "./login-port.ts";
import type { LoginPrompts } from "./login-prompts.ts";

/**
 * Runs a step of a login, and where Telegram then wants the password of two-step verification, asks for it and proves it
 * by SRP (core.telegram.org/api/srp).
 *
 * @throws {TelegraphistError} `PASSWORD_HASH_INVALID` after five wrong ones, and what the step throws
 */
export async function orPassword(
  port: Pick<LoginPort, "invoke">,
  prompts: Pick<LoginPrompts, "password">,
  signal: AbortSignal,
  step: () => Promise<Api.User>,
): Promise<Api.User> {
  try {
    return await step();
  } catch (error) {
    if (!hasCode(error, "SESSION_PASSWORD_NEEDED")) throw error;
    return await enterPassword(port, prompts, signal);
  }
}

async function enterPassword(
  port: Pick<LoginPort, "invoke">,
  prompts: Pick<LoginPrompts, "password">,
  signal: AbortSignal,
): Promise<Api.User> {
  let problem: ErrorRecord | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const account = await port.invoke(new Api.account.GetPassword(), signal);
    const request = { hint: account.hint ?? null, attempt, problem };
    const text = await orAborted(prompts.password(request), signal);
    try {
      const password = await computeCheck(account, text);
      return userOf(await port.invoke(new Api.auth.CheckPassword({ password }), signal));
    } catch (error) {
      const isRefused = hasCode(error, "PASSWORD_HASH_INVALID", "SRP_ID_INVALID");
      if (!isRefused || attempt >= maxAttempts || !(error instanceof TelegraphistError)) throw error;
      problem = error.toJSON();
    }
  }
}
