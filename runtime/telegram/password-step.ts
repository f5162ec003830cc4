import { type ErrorRecord, hasCode, TelegraphistError } from "../contract/index.ts";
import { orAborted } from "./abortable.ts";
import { Api, computeCheck } from "./gramjs.ts";
import { triesUsedUp, userOf } from "./login-outcome.ts";
import { type LoginPort, maxAttempts } from "./login-port.ts";
import type { LoginPrompts } from "./login-prompts.ts";
import { orSelf } from "./lost-answer.ts";

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
  // Each question is good for one answer, and not for long: it is asked for anew when the person has typed.
  const ask = () => port.invoke(new Api.account.GetPassword(), signal);
  const prove = async (text: string) => computeCheck(await ask(), text);
  const hint = (await ask()).hint || null;
  for (let attempt = 1; ; attempt += 1) {
    // Once it is proved nothing here holds it any more.
    const password = await prove(await orAborted(prompts.password({ hint, attempt, problem }), signal));
    try {
      return await orSelf(port, signal, "SESSION_PASSWORD_NEEDED", async () =>
        userOf(await port.invoke(new Api.auth.CheckPassword({ password }), signal)),
      );
    } catch (error) {
      if (!(error instanceof TelegraphistError)) throw error;
      const isWrong = error.code === "PASSWORD_HASH_INVALID";
      if (!isWrong && error.code !== "SRP_ID_INVALID") throw error;
      if (attempt >= maxAttempts) throw isWrong ? triesUsedUp(error, "passwords") : error;
      problem = error.toJSON();
    }
  }
}
