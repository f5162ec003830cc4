import type { TlObject } from "../tl/value.ts";
import { isOutgoingFor } from "./message-view.ts";
import { bareId, isUserId, type PeerId } from "./peer-id.ts";
import type { WorldUpdate } from "./update-log.ts";

/**
 * The short form of a lone plain text in a private chat or basic group; null when it has none
 * (core.telegram.org/api/updates).
 */
export function shortUpdate(readerId: PeerId, updates: readonly WorldUpdate[]): TlObject | null {
  const [update, ...others] = updates;
  const message = update?.newMessage;
  if (update?.name !== "updateNewMessage" || message === undefined || others.length > 0) return null;
  const { post, chatId } = message;
  if (post.action !== null || post.media !== null || post.forward !== null || post.reactions.size > 0)
    return null;
  const view = update.view(readerId);
  const replyToId = post.replyTo?.copies.get(message.ownerId);
  return {
    ...(isUserId(chatId)
      ? { _: "updateShortMessage", user_id: bareId(chatId) }
      : { _: "updateShortChatMessage", from_id: bareId(post.fromId), chat_id: bareId(chatId) }),
    out: isOutgoingFor(readerId, message),
    silent: post.isSilent,
    id: message.id,
    message: post.text,
    pts: view.pts,
    pts_count: view.pts_count,
    date: post.dateS,
    ...(replyToId !== undefined && { reply_to: { _: "messageReplyHeader", reply_to_msg_id: replyToId } }),
    ...(post.entities.length > 0 && { entities: post.entities }),
  };
}
