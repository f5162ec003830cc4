import { hasCategory, hasCode, type InviteResult, waitMsOf } from "telegraphist";

/** The call during which something went wrong. */
export type CampaignCall = "resolve" | "invite" | "link" | "message";

/** What an answer of Telegram means for the campaign. */
export type Verdict =
  | { readonly verdict: "invited" | "already" | "link-sent" }
  /** The list has this person under another name too. */
  | { readonly verdict: "duplicate" }
  /** This person cannot be added; a link may be sent. */
  | { readonly verdict: "link-instead"; readonly reason: string }
  /** Final for this person. */
  | { readonly verdict: "refused"; readonly reason: string }
  /** It may have worked, and must not be tried again. */
  | { readonly verdict: "uncertain"; readonly reason: string }
  | { readonly verdict: "retry"; readonly reason: string }
  | { readonly verdict: "pause"; readonly waitMs: number; readonly reason: string }
  /** Final for the campaign. */
  | { readonly verdict: "stop"; readonly reason: string };

const dayMs = 86_400_000;
const shortPauseMs = 60_000;

/** Codes that concern the channel rather than the person, when the call was about the channel. */
const campaignCodes = [
  "CHAT_ADMIN_REQUIRED",
  "CHAT_WRITE_FORBIDDEN",
  "CHANNEL_PRIVATE",
  "CHANNEL_INVALID",
  "CHAT_INVALID",
  "USERS_TOO_MUCH",
];

/** Reads one result of `telegram.invite`, whose call can succeed without having added anybody. */
export function verdictOfInvite(result: InviteResult | undefined): Verdict {
  if (result === undefined) return { verdict: "retry", reason: "no result" };
  const { outcome } = result;
  switch (outcome) {
    case "added":
      return { verdict: "invited" };
    case "already":
      return { verdict: "already" };
    case "privacy":
      return { verdict: "link-instead", reason: result.reason ?? "privacy" };
    case "refused":
      return result.reason === "USER_NOT_MUTUAL_CONTACT"
        ? { verdict: "link-instead", reason: result.reason }
        : { verdict: "refused", reason: result.reason ?? "refused" };
    default:
      return outcome satisfies never;
  }
}

/** Reads what a call threw. Source of the policies: core.telegram.org/method/channels.inviteToChannel. */
export function verdictOfError(error: unknown, call: CampaignCall): Verdict {
  const reason = codeOf(error);
  if (hasCode(error, "PEER_FLOOD")) return { verdict: "pause", waitMs: dayMs, reason };
  if (hasCategory(error, "FLOOD_WAIT"))
    return { verdict: "pause", waitMs: waitMsOf(error) ?? shortPauseMs, reason };
  if (hasCode(error, "ACCOUNT_OFFLINE")) return { verdict: "pause", waitMs: shortPauseMs, reason };
  if (hasCategory(error, "FLOOD_BLOCK", "AUTH", "PERMISSION")) return { verdict: "stop", reason };
  if (call === "invite" && (hasCategory(error, "PRIVACY") || hasCode(error, "USER_NOT_MUTUAL_CONTACT"))) {
    return { verdict: "link-instead", reason };
  }
  const isAboutChannel = call === "invite" || call === "link";
  if (isAboutChannel && (hasCategory(error, "RIGHTS") || hasCode(error, ...campaignCodes))) {
    return { verdict: "stop", reason };
  }
  if (hasCategory(error, "RIGHTS", "PRIVACY", "NOT_FOUND", "INVALID")) return { verdict: "refused", reason };
  return { verdict: call === "message" ? "uncertain" : "retry", reason };
}

function codeOf(error: unknown): string {
  const hasText =
    typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
  return hasText ? String(error.code) : "UNKNOWN";
}
