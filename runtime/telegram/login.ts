import { span, spanNames } from "../../telemetry/index.ts";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { orAborted } from "./abortable.ts";
import type { ApiIdentity } from "./connection.ts";
import { migrationOf } from "./errors.ts";
import { Api, computeCheck } from "./gramjs.ts";

/** What Telegram tells of the code that it has sent. */
export interface CodeRequest {
  /** Where to look for it. */
  readonly sentVia: "app" | "sms" | "call" | "missed-call" | "email" | "fragment" | "other";
  /** Digits of the code; `null` when Telegram does not tell. */
  readonly length: number | null;
  /** 1 at first, one more after each wrong or expired code. */
  readonly attempt: number;
}

/** The person at the login. What they answer is used once and kept nowhere. */
export interface LoginPrompts {
  /** In international form; blanks and dashes are taken out. */
  phone(): Promise<string>;
  /** An empty answer has the code sent again, another way where Telegram has one. */
  code(request: CodeRequest): Promise<string>;
  password(request: { readonly hint: string | null; readonly attempt: number }): Promise<string>;
  readonly signal?: AbortSignal;
}

/** What a login needs of the account. */
export interface LoginPort {
  invoke<R extends Api.AnyRequest>(request: R, signal: AbortSignal): Promise<R["__response"]>;
  /** Goes on in another data centre, where the phone number is at home. */
  moveTo(dataCentreId: number): Promise<void>;
}

const maxAttempts = 5;
const maxMoves = 3;

/**
 * Logs an account in by phone number, code, and where it has one the password of two-step verification, by SRP.
 *
 * @throws {TelegraphistError} Telegram's own name of what was refused, after five wrong answers at the latest;
 * `SIGN_UP_REQUIRED` for a number without an account; what the prompts throw
 */
export function logIn(port: LoginPort, prompts: LoginPrompts, api: ApiIdentity): Promise<Api.User> {
  const signal = prompts.signal ?? new AbortController().signal;
  return span(spanNames.login, { root: true }, async () => {
    const phoneNumber = (await orAborted(prompts.phone(), signal)).replaceAll(/[\s()-]/g, "");
    const sent = await sendCode(port, phoneNumber, api, signal);
    return sent instanceof Api.auth.SentCodeSuccess
      ? userOf(sent.authorization)
      : await enterCode(port, prompts, { phoneNumber, sent, api, signal });
  });
}

async function sendCode(
  port: LoginPort,
  phoneNumber: string,
  api: ApiIdentity,
  signal: AbortSignal,
): Promise<Api.auth.TypeSentCode> {
  for (let moves = 1; ; moves += 1) {
    const settings = new Api.CodeSettings({});
    const request = new Api.auth.SendCode({ phoneNumber, apiId: api.id, apiHash: api.hash, settings });
    try {
      return await port.invoke(request, signal);
    } catch (error) {
      const dataCentreId = error instanceof TelegraphistError ? migrationOf(error) : null;
      const isRestart = hasCode(error, "AUTH_RESTART");
      if (moves >= maxMoves || (dataCentreId === null && !isRestart)) throw error;
      if (dataCentreId !== null) await port.moveTo(dataCentreId);
    }
  }
}

interface CodeStep {
  readonly phoneNumber: string;
  readonly sent: Api.auth.TypeSentCode;
  readonly api: ApiIdentity;
  readonly signal: AbortSignal;
}

async function enterCode(port: LoginPort, prompts: LoginPrompts, step: CodeStep): Promise<Api.User> {
  const { api, phoneNumber, signal } = step;
  let { sent } = step;
  for (let attempt = 1; ; ) {
    if (!(sent instanceof Api.auth.SentCode)) throw unknownAnswer(sent.className);
    const { phoneCodeHash } = sent;
    const asked = prompts.code({ sentVia: sentViaOf(sent.type), length: lengthOf(sent.type), attempt });
    const phoneCode = (await orAborted(asked, signal)).trim();
    try {
      if (phoneCode === "") {
        sent = await port.invoke(new Api.auth.ResendCode({ phoneNumber, phoneCodeHash }), signal);
        continue;
      }
      return userOf(
        await port.invoke(new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode }), signal),
      );
    } catch (error) {
      if (hasCode(error, "SESSION_PASSWORD_NEEDED")) return await enterPassword(port, prompts, signal);
      if (!hasCode(error, "PHONE_CODE_INVALID", "PHONE_CODE_EXPIRED", "PHONE_CODE_EMPTY")) throw error;
      attempt += 1;
      if (attempt > maxAttempts) throw error;
      if (hasCode(error, "PHONE_CODE_EXPIRED")) sent = await sendCode(port, phoneNumber, api, signal);
    }
  }
}

async function enterPassword(port: LoginPort, prompts: LoginPrompts, signal: AbortSignal): Promise<Api.User> {
  for (let attempt = 1; ; attempt += 1) {
    const account = await port.invoke(new Api.account.GetPassword(), signal);
    const text = await orAborted(prompts.password({ hint: account.hint ?? null, attempt }), signal);
    try {
      const password = await computeCheck(account, text);
      return userOf(await port.invoke(new Api.auth.CheckPassword({ password }), signal));
    } catch (error) {
      if (!hasCode(error, "PASSWORD_HASH_INVALID", "SRP_ID_INVALID") || attempt >= maxAttempts) throw error;
    }
  }
}

function userOf(authorization: Api.auth.TypeAuthorization): Api.User {
  if (authorization instanceof Api.auth.AuthorizationSignUpRequired) {
    throw new TelegraphistError({
      code: "SIGN_UP_REQUIRED",
      category: "AUTH",
      message: "Cannot log in as the number has no Telegram account: sign up in an official app first",
    });
  }
  if (!(authorization.user instanceof Api.User)) throw unknownAnswer(authorization.user.className);
  return authorization.user;
}

function unknownAnswer(className: string): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_UNSUPPORTED",
    category: "AUTH",
    message: `Cannot log in: Telegram answered "${className}", log in with an official app once and try again`,
  });
}

function sentViaOf(type: Api.auth.TypeSentCodeType): CodeRequest["sentVia"] {
  if (type instanceof Api.auth.SentCodeTypeApp) return "app";
  if (type instanceof Api.auth.SentCodeTypeSms || type instanceof Api.auth.SentCodeTypeFirebaseSms)
    return "sms";
  if (type instanceof Api.auth.SentCodeTypeCall) return "call";
  if (type instanceof Api.auth.SentCodeTypeFlashCall || type instanceof Api.auth.SentCodeTypeMissedCall) {
    return "missed-call";
  }
  if (type instanceof Api.auth.SentCodeTypeEmailCode) return "email";
  return type instanceof Api.auth.SentCodeTypeFragmentSms ? "fragment" : "other";
}

function lengthOf(type: Api.auth.TypeSentCodeType): number | null {
  return "length" in type && typeof type.length === "number" ? type.length : null;
}
