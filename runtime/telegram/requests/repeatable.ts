import type { TelegraphistError } from "../../contract/index.ts";
import { isLook } from "../flood/method-kinds.ts";
import type { Api } from "../gramjs.ts";

/** Methods that set something to a value, or take it away: done twice, it is as done once. */
const settling: readonly RegExp[] = [
  /^messages\.(delete|edit|hide|read|toggle|update)/,
  /^messages\.(addChatUser|sendReaction|setTyping)$/,
  /^channels\.(delete|edit|inviteToChannel|joinChannel|leaveChannel|read|toggle)/,
  /^contacts\.(addContact|block|delete|importContacts|unblock)/,
  /^(help|updates|upload)\./,
  /^auth\.export(Authorization|LoginToken)$/,
];

/**
 * Whether a request may be made again though it may have been carried out: it only looks, it settles something, or
 * Telegram takes its `random_id` once. Not so for what makes something new each time: a chat, an invite link, a code.
 */
export function isRepeatable(method: string, request: Api.AnyRequest): boolean {
  return isLook(method) || "randomId" in request || settling.some((known) => known.test(method));
}

/** Whether Telegram may have carried the request out that failed so. */
export function mayBeDone(error: TelegraphistError): boolean {
  const { rpcCode } = error.data;
  return error.code === "CONNECTION_LOST" || (typeof rpcCode === "number" && (rpcCode < 0 || rpcCode >= 500));
}
