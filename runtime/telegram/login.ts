import { type Logger, span, spanNames } from "../../telemetry/index.ts";
import { type Clock, type ErrorRecord, hasCode, TelegraphistError } from "../contract/index.ts";
import { cancelled, withDeadline } from "../scope/index.ts";
import { orAborted } from "./abortable.ts";
import type { ApiIdentity } from "./connection.ts";
import { migrationOf } from "./errors.ts";
import { Api } from "./gramjs.ts";
import { triesUsedUp, userOf } from "./login-outcome.ts";
import { type LoginPort, maxAttempts, maxMoves } from "./login-port.ts";
import type { CodeAnswer, CodeRequest, LoginPrompts } from "./login-prompts.ts";
import { orSelf } from "./lost-answer.ts";
import { orPassword } from "./password-step.ts";
import { channelsOf, proofOf, sentCodeOf } from "./sent-code.ts";

/** Another number may do better. */
const refusalsOfNumber = ["PHONE_NUMBER_INVALID", "PHONE_NUMBER_BANNED", "PHONE_NUMBER_UNOCCUPIED"];
/** Another is sent in its place. */
const expiries = ["PHONE_CODE_EXPIRED", "EMAIL_VERIFY_EXPIRED"];
const refusalsOfCode = [
  ...expiries,
  "PHONE_CODE_INVALID",
  "PHONE_CODE_EMPTY",
  "CODE_INVALID",
  "SEND_CODE_UNAVAILABLE",
];
/** Time for a code to be taken back that nobody will give. */
const takingBackMs = 3_000;

export interface LoginOptions {
  readonly api: ApiIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Logs an account in by phone number, code, and where it has one the password of two-step verification
 * (core.telegram.org/api/auth).
 *
 * @throws {TelegraphistError} Telegram's own name of what was refused, after five answers that were not taken at the
 * latest; `SIGN_UP_REQUIRED` for a number without an account; `LOGIN_UNSUPPORTED`; what the prompts throw
 */
export function logIn(port: LoginPort, prompts: LoginPrompts, options: LoginOptions): Promise<Api.User> {
  const signal = prompts.signal ?? new AbortController().signal;
  return span(spanNames.login, { root: true }, async () => {
    let problem: ErrorRecord | null = null;
    for (let attempt = 1; ; ) {
      const given = await orAborted(prompts.phone({ attempt, problem }), signal);
      const phoneNumber = given.replaceAll(/[\s()-]/g, "");
      try {
        const user = await enterPhone(port, prompts, { ...options, phoneNumber, signal });
        if (user !== "another-phone") return user;
        problem = null;
      } catch (error) {
        if (!isRefused(error, refusalsOfNumber)) throw error;
        if (attempt >= maxAttempts) throw triesUsedUp(error, "numbers");
        attempt += 1;
        problem = error.toJSON();
      }
    }
  });
}

interface PhoneStep extends LoginOptions {
  readonly phoneNumber: string;
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
  let sent = sentCodeOf(firstSent);
  let problem: ErrorRecord | null = null;
  for (let attempt = 1; ; ) {
    const answer = await askForCode(port, prompts, step, sent, { attempt, problem });
    try {
      if (typeof answer === "string") {
        const signingIn = signIn.bind(null, port, step, sent, answer.trim());
        return await orPassword(port, prompts, signal, signingIn);
      }
      if (answer.instead === "another-phone") {
        await takeBack(port, step, sent);
        return answer.instead;
      }
      const { phoneCodeHash } = sent;
      sent = sentCodeOf(await port.invoke(new Api.auth.ResendCode({ phoneNumber, phoneCodeHash }), signal));
      problem = null;
    } catch (error) {
      if (!isRefused(error, refusalsOfCode)) throw error;
      if (attempt >= maxAttempts) throw triesUsedUp(error, "codes");
      attempt += 1;
      problem = error.toJSON();
      if (isRefused(error, expiries)) sent = sentCodeOf(await sendCode(port, step));
    }
  }
}

/** A code that nobody will give any more is taken back. */
async function askForCode(
  port: LoginPort,
  prompts: LoginPrompts,
  step: PhoneStep,
  sent: Api.auth.SentCode,
  question: Pick<CodeRequest, "attempt" | "problem">,
): Promise<CodeAnswer> {
  try {
    return await orAborted(prompts.code({ ...channelsOf(sent), ...question }), step.signal);
  } catch (error) {
    await takeBack(port, step, sent);
    throw error;
  }
}

function signIn(
  port: LoginPort,
  { phoneNumber, signal }: PhoneStep,
  sent: Api.auth.SentCode,
  code: string,
): Promise<Api.User> {
  const { phoneCodeHash } = sent;
  const request = new Api.auth.SignIn({ phoneNumber, phoneCodeHash, ...proofOf(sent, code) });
  return orSelf(port, signal, "AUTH_KEY_UNREGISTERED", async () =>
    userOf(await port.invoke(request, signal)),
  );
}

/** It would end by itself soon, so a failure is of no matter. */
async function takeBack(
  port: LoginPort,
  { phoneNumber, clock, logger }: PhoneStep,
  { phoneCodeHash }: Api.auth.SentCode,
): Promise<void> {
  const request = new Api.auth.CancelCode({ phoneNumber, phoneCodeHash });
  const onTimeout = () => cancelled('the call of "auth.cancelCode"');
  try {
    await withDeadline((bounded) => port.invoke(request, bounded), {
      ...{ timeoutMs: takingBackMs, clock, onTimeout },
    });
  } catch (error) {
    logger.debug("A login code could not be taken back", { error });
  }
}

function isRefused(error: unknown, codes: readonly string[]): error is TelegraphistError {
  return error instanceof TelegraphistError && codes.includes(error.code);
}
