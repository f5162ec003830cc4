import { Api } from "./gramjs.ts";
import { emailWanted, unknownAnswer } from "./login-outcome.ts";
import type { CodeChannel } from "./login-prompts.ts";

/** A code that a person can give. @throws {TelegraphistError} `LOGIN_UNSUPPORTED` */
export function sentCodeOf(sent: Api.auth.TypeSentCode): Api.auth.SentCode {
  if (!(sent instanceof Api.auth.SentCode)) throw unknownAnswer(sent.className);
  if (sent.type instanceof Api.auth.SentCodeTypeSetUpEmailRequired) throw emailWanted();
  return sent;
}

/** The code as `auth.signIn` takes it, by where it came from. */
export function proofOf(
  { type }: Api.auth.SentCode,
  code: string,
): { readonly phoneCode: string } | { readonly emailVerification: Api.TypeEmailVerification } {
  if (!(type instanceof Api.auth.SentCodeTypeEmailCode)) return { phoneCode: code };
  return { emailVerification: new Api.EmailVerificationCode({ code }) };
}

/** Where the code went, and what would carry the next one. */
export function channelsOf({ type, nextType }: Api.auth.SentCode): {
  readonly sentVia: CodeChannel;
  readonly nextVia: CodeChannel | null;
  readonly length: number | null;
} {
  return {
    sentVia: sentViaOf(type),
    nextVia: nextType === undefined || nextType === null ? null : nextViaOf(nextType),
    length: "length" in type && typeof type.length === "number" ? type.length : null,
  };
}

function sentViaOf(type: Api.auth.TypeSentCodeType): CodeChannel {
  if (type instanceof Api.auth.SentCodeTypeApp) return "app";
  if (type instanceof Api.auth.SentCodeTypeCall) return "call";
  if (type instanceof Api.auth.SentCodeTypeEmailCode) return "email";
  if (type instanceof Api.auth.SentCodeTypeFragmentSms) return "fragment";
  if (type instanceof Api.auth.SentCodeTypeFlashCall || type instanceof Api.auth.SentCodeTypeMissedCall) {
    return "missed-call";
  }
  return /^auth\.SentCodeType(Sms|FirebaseSms)/.test(type.className) ? "sms" : "other";
}

function nextViaOf(type: Api.auth.TypeCodeType): CodeChannel {
  if (type instanceof Api.auth.CodeTypeSms) return "sms";
  if (type instanceof Api.auth.CodeTypeCall) return "call";
  return type instanceof Api.auth.CodeTypeFragmentSms ? "fragment" : "missed-call";
}
