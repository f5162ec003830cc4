import type { TelegraphistError } from "../../contract/index.ts";
import { isLook } from "../flood/method-kinds.ts";
import type { Api } from "../gramjs.ts";

/** Methods that set something to a value, or take it away: done twice, it is as done once. */
const settling =
  /^(messages\.(editMessage|delete\w*|read\w*|setTyping|sendReaction|hideChatJoinRequest|hideAllChatJoinRequests|editExportedChatInvite|deleteChatUser|editChatTitle|editChatAdmin|toggle\w+|update\w+)|channels\.(delete\w*|read\w*|inviteToChannel|joinChannel|leaveChannel|editBanned|editAdmin|editTitle|toggle\w+)|contacts\.(block|unblock|addContact|deleteContacts|importContacts)|upload\.\w+|updates\.\w+|help\.\w+|auth\.exportAuthorization|messages\.addChatUser)$/;

/**
 * Whether a request may be made again though it may have been carried out: it only looks, it settles something, or
 * Telegram takes its `random_id` once. Not so for what makes something new each time: a chat, an invite link, a code.
 */
export function isRepeatable(method: string, request: Api.AnyRequest): boolean {
  return isLook(method) || settling.test(method) || "randomId" in request;
}

/** Whether Telegram may have carried the request out that failed so. */
export function mayBeDone(error: TelegraphistError): boolean {
  const { rpcCode } = error.data;
  return error.code === "CONNECTION_LOST" || (typeof rpcCode === "number" && (rpcCode < 0 || rpcCode >= 500));
}
