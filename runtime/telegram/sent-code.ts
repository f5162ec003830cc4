import { Api } from "./gramjs.ts";
import type { CodeChannel } from "./login-prompts.ts";

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
