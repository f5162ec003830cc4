import type { TlObject } from "../tl/value.ts";
import type { BoxMessage } from "./box-message.ts";
import { isChannelId, isUserId, type PeerId, peerOf } from "./peer-id.ts";
import type { Media, Post, Reaction } from "./post.ts";
import type { WorldState } from "./world-state.ts";

/** A message as a viewer sees it in a box of theirs. */
export function messageView(state: WorldState, viewerId: PeerId, message: BoxMessage): TlObject {
  const { post, chatId } = message;
  const isBroadcast = state.chats.get(chatId)?.kind === "channel";
  const replyToId = post.replyTo?.copies.get(message.ownerId);
  const isOutgoing = isOutgoingFor(viewerId, message);
  const shared = {
    out: isOutgoing,
    silent: post.isSilent,
    post: isBroadcast,
    id: message.id,
    // In private chats the sender of what comes in is the peer itself (since layer 119).
    ...(!isBroadcast && (!isUserId(chatId) || isOutgoing) && { from_id: peerOf(post.fromId) }),
    peer_id: peerOf(chatId),
    ...(replyToId !== undefined && { reply_to: { _: "messageReplyHeader", reply_to_msg_id: replyToId } }),
    date: post.dateS,
  };
  if (post.action !== null) return { _: "messageService", ...shared, action: post.action };
  return {
    _: "message",
    ...shared,
    pinned: post.isPinned,
    ...(post.forward !== null && { fwd_from: forwardView(post.forward) }),
    message: post.text,
    ...(post.media !== null && { media: mediaView(state, post.media) }),
    ...(post.entities.length > 0 && { entities: post.entities }),
    ...(isBroadcast && { views: 1, forwards: 0 }),
    ...(post.editDateS !== null && { edit_date: post.editDateS }),
    ...(post.reactions.size > 0 && { reactions: reactionsView(viewerId, post) }),
  };
}

/** Whether the viewer sent it; notes to oneself count as neither. */
export function isOutgoingFor(viewerId: PeerId, { post, chatId }: BoxMessage): boolean {
  return post.fromId === viewerId && chatId !== viewerId;
}

/** Everyone whom a message names. */
export function peersOf({ post, chatId }: BoxMessage): PeerId[] {
  const ids = [post.fromId, chatId];
  if (post.forward !== null) ids.push(post.forward.fromId);
  const { action } = post;
  if (action === null) return ids;
  if (Array.isArray(action.users)) ids.push(...action.users.map(Number));
  if (typeof action.user_id === "bigint") ids.push(Number(action.user_id));
  if (typeof action.inviter_id === "bigint") ids.push(Number(action.inviter_id));
  return ids;
}

export function reactionsView(viewerId: PeerId, post: Post): TlObject {
  const counts = new Map<string, number>();
  for (const { emoji } of post.reactions.values()) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  const own = post.reactions.get(viewerId)?.emoji;
  return {
    _: "messageReactions",
    can_see_list: true,
    results: [...counts].map(([emoji, count]) => ({
      _: "reactionCount",
      ...(emoji === own && { chosen_order: 0 }),
      reaction: emojiView(emoji),
      count,
    })),
    recent_reactions: [...post.reactions].map(([userId, reaction]) =>
      peerReactionView(viewerId, userId, reaction),
    ),
  };
}

export function peerReactionView(viewerId: PeerId, userId: PeerId, reaction: Reaction): TlObject {
  return {
    _: "messagePeerReaction",
    my: userId === viewerId,
    peer_id: peerOf(userId),
    date: reaction.dateS,
    reaction: emojiView(reaction.emoji),
  };
}

export function mediaView(state: WorldState, media: Media): TlObject {
  const { file } = media;
  const identity = {
    id: file.id,
    access_hash: file.accessHash,
    file_reference: state.files.reference(),
    date: file.dateS,
    dc_id: file.dataCentreId,
  };
  if (media.kind === "photo") {
    const size = { _: "photoSize", type: "y", w: media.width, h: media.height, size: file.bytes.length };
    return { _: "messageMediaPhoto", photo: { _: "photo", ...identity, sizes: [size] } };
  }
  const { attributes, mimeType } = media;
  return {
    _: "messageMediaDocument",
    video: attributes.some(({ _ }) => _ === "documentAttributeVideo"),
    round: attributes.some((attribute) => attribute.round_message === true),
    voice: attributes.some((attribute) => attribute.voice === true),
    document: {
      _: "document",
      ...identity,
      mime_type: mimeType,
      size: BigInt(file.bytes.length),
      attributes,
    },
  };
}

function forwardView({ fromId, dateS, channelPost }: NonNullable<Post["forward"]>): TlObject {
  return {
    _: "messageFwdHeader",
    from_id: peerOf(fromId),
    date: dateS,
    ...(isChannelId(fromId) && channelPost !== null && { channel_post: channelPost }),
  };
}

function emojiView(emoji: string): TlObject {
  return { _: "reactionEmoji", emoticon: emoji };
}
