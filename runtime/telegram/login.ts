import { span, spanNames } from "../../telemetry/index.ts";
import { type ErrorRecord, hasCode, TelegraphistError } from "../contract/index.ts";
import { orAborted } from "./abortable.ts";
import type { ApiIdentity } from "./connection.ts";
import { migrationOf } from "./errors.ts";
import { Api } from "./gramjs.ts";
import { unknownAnswer, userOf } from "./login-outcome.ts";
import { type LoginPort, maxAttempts, maxMoves } from "./login-port.ts";
import type { LoginPrompts } from "./login-prompts.ts";
import { orPassword } from "./password-step.ts";
import { channelsOf } from "./sent-code.ts";

/** Another number may do better. */
const refusalsOfNumber = ["PHONE_NUMBER_INVALID", "PHONE_NUMBER_BANNED", "PHONE_NUMBER_UNOCCUPIED"];
const refusalsOfCode = [
  "PHONE_CODE_INVALID",
  "PHONE_CODE_EXPIRED",
  "PHONE_CODE_EMPTY",
  "SEND_CODE_UNAVAILABLE",
];

/**
 * Logs an account in by phone number, code, and where it has one the password of two-step verification
 * (core.telegram.org/api/auth).
 *
 * @throws {TelegraphistError} Telegram's own name of what was refused, after five answers that were not taken at the
 * latest; `SIGN_UP_REQUIRED` for a number without an account; what the prompts throw
 */
export function logIn(port: LoginPort, prompts: LoginPrompts, api: ApiIdentity): Promise<Api.User> {
  const signal = prompts.signal ?? new AbortController().signal;
  return span(spanNames.login, { root: true }, async () => {
    let problem: ErrorRecord | null = null;
    for (let attempt = 1; ; attempt += 1) {
      const given = await orAborted(prompts.phone({ attempt, problem }), signal);
      const phoneNumber = given.replaceAll(/[\s()-]/g, "");
      try {
        const user = await enterPhone(port, prompts, { phoneNumber, api, signal });
        if (user !== "another-phone") return user;
        problem = null;
      } catch (error) {
        if (attempt >= maxAttempts || !hasCode(error, ...refusalsOfNumber)) throw error;
        problem = recordOf(error);
      }
    }
  });
}

interface PhoneStep {
  readonly phoneNumber: string;
  readonly api: ApiIdentity;
  readonly signal: AbortSignal;
}

async function enterPhone(
  port: LoginPort,
  prompts: LoginPrompts,
  step: PhoneStep,
): Promise<Api.User | "another-phone"> {
  const sent = await sendCode(port, step);
  if (sent instanceof Api.auth.SentCodeSuccess) return userOf(sent.authorization);
  return enterCode(port, prompts, step, sent);
}

async function sendCode(
  port: LoginPort,
  { phoneNumber, api, signal }: PhoneStep,
): Promise<Api.auth.TypeSentCode> {
  for (let moves = 1; ; moves += 1) {
    const settings = new Api.CodeSettings({});
    const request = new Api.auth.SendCode({ phoneNumber, apiId: api.id, apiHash: api.hash, settings });
    try {
      return await port.invoke(request, signal);
    } catch (error) {
      const dataCentreId = error instanceof TelegraphistError ? migrationOf(error) : null;
      const isRestart = hasCode(error, "AUTH_RESTART");
      if (moves > maxMoves || (dataCentreId === null && !isRestart)) throw error;
      if (dataCentreId !== null) await port.moveTo(dataCentreId);
    }
  }
}

async function enterCode(
  port: LoginPort,
  prompts: LoginPrompts,
  step: PhoneStep,
  firstSent: Api.auth.TypeSentCode,
): Promise<Api.User | "another-phone"> {
  const { phoneNumber, signal } = step;
  let sent = firstSent;
  let problem: ErrorRecord | null = null;
  for (let attempt = 1; ; ) {
    if (!(sent instanceof Api.auth.SentCode)) throw unknownAnswer(sent.className);
    const { phoneCodeHash } = sent;
    const asked = prompts.code({ ...channelsOf(sent), attempt, problem });
    const answer = await orAborted(asked, signal);
    try {
      if (typeof answer === "string") {
        const phoneCode = answer.trim();
        const signIn = new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode });
        return await orPassword(port, prompts, signal, async () => userOf(await port.invoke(signIn, signal)));
      }
      if (answer.instead === "another-phone") {
        await port.invoke(new Api.auth.CancelCode({ phoneNumber, phoneCodeHash }), signal);
        return answer.instead;
      }
      sent = await port.invoke(new Api.auth.ResendCode({ phoneNumber, phoneCodeHash }), signal);
      problem = null;
    } catch (error) {
      // A code that is too old has no need to be cancelled.
      if (typeof answer !== "string" && answer.instead === "another-phone") {
        if (hasCode(error, "PHONE_CODE_EXPIRED")) return answer.instead;
      }
      attempt += 1;
      if (attempt > maxAttempts || !hasCode(error, ...refusalsOfCode)) throw error;
      problem = recordOf(error);
      if (hasCode(error, "PHONE_CODE_EXPIRED")) sent = await sendCode(port, step);
    }
  }
}

function recordOf(error: unknown): ErrorRecord | null {
  return error instanceof TelegraphistError ? error.toJSON() : null;
}
