import { RpcError } from "../methods/rpc.ts";
import type { TlObject } from "../tl/value.ts";
import type { BoxMessage } from "./box-message.ts";
import { boxOwnedBy, recordDeletion, recordEdit, recordNewMessage } from "./box-updates.ts";
import type { Chat } from "./chat.ts";
import type { MessageBox } from "./message-box.ts";
import { isUserId, type PeerId } from "./peer-id.ts";
import { Person } from "./person.ts";
import { createPost, type Media, type Post, type PostContent } from "./post.ts";
import type { UpdateBatch } from "./update-batch.ts";
import type { WorldState } from "./world-state.ts";

export type Draft = Omit<PostContent, "fromId" | "dateS">;

/**
 * Puts a message into a chat and returns the author's copy.
 *
 * @throws {RpcError} when they may not write there, or it says nothing or too much
 */
export function send(
  state: WorldState,
  batch: UpdateBatch,
  from: Person,
  chatId: PeerId,
  draft: Draft,
): BoxMessage {
  checkLength(draft.text ?? "", draft.media ?? null);
  const peer = state.peer(chatId);
  if (peer instanceof Person) {
    if (peer.blocked.has(from.id)) throw new RpcError(400, "USER_IS_BLOCKED");
    if (from.blocked.has(peer.id)) throw new RpcError(400, "YOU_BLOCKED_USER");
  } else if (!peer.canPost(from.id)) {
    throw new RpcError(403, peer.has(from.id) ? writeRefusal(peer) : "CHAT_WRITE_FORBIDDEN");
  }
  return publish(state, batch, from, peer, draft);
}

/** As `send()`, whatever the rights: service messages come this way. */
export function publish(
  state: WorldState,
  batch: UpdateBatch,
  from: Person,
  to: Person | Chat,
  draft: Draft,
): BoxMessage {
  const made = createPost({ ...draft, fromId: from.id, dateS: state.nowS() });
  if (made.media !== null) state.files.remember(made.media);
  let own: BoxMessage | undefined;
  for (const box of boxesOf(state, from, to)) {
    const isForOther = to instanceof Person && box !== from.box;
    const message = box.add(isForOther ? from.id : to.id, made);
    recordNewMessage(state, batch, box, message);
    if (box === from.box || box === to.box) own ??= message;
  }
  if (own === undefined) throw new RpcError(400, "CHAT_ID_INVALID");
  return own;
}

/** The boxes that get a copy, the author's first. */
function boxesOf(state: WorldState, from: Person, to: Person | Chat): ReadonlySet<MessageBox> {
  if (to instanceof Person) return new Set([from.box, to.box]);
  if (to.box !== null) return new Set([to.box]);
  return new Set([from.box, ...[...to.members.keys()].map((userId) => state.person(userId).box)]);
}

/** @throws {RpcError} when it is another's, says the same, or is gone */
export function edit(
  state: WorldState,
  batch: UpdateBatch,
  editor: Person,
  message: BoxMessage,
  change: { readonly text: string; readonly entities: readonly TlObject[] },
): void {
  const { post } = message;
  const chat = state.chats.get(message.chatId);
  const mayEdit = post.fromId === editor.id || (chat?.isAllowed(editor.id, "edit_messages") ?? false);
  if (!mayEdit || post.action !== null) throw new RpcError(403, "MESSAGE_AUTHOR_REQUIRED");
  checkLength(change.text, post.media);
  if (post.text === change.text && Bun.deepEquals(post.entities, change.entities)) {
    throw new RpcError(400, "MESSAGE_NOT_MODIFIED");
  }
  post.text = change.text;
  post.entities = change.entities;
  post.editDateS = state.nowS();
  recordEditEverywhere(state, batch, post);
}

export function recordEditEverywhere(state: WorldState, batch: UpdateBatch, post: Post): void {
  for (const [ownerId, id] of post.copies) {
    const box = boxOwnedBy(state, ownerId);
    const message = box.get(id);
    if (message !== undefined) recordEdit(state, batch, box, message);
  }
}

/** Deletes copies, or whole posts; returns how many of the deleter's own box went. */
export function remove(
  state: WorldState,
  batch: UpdateBatch,
  messages: readonly BoxMessage[],
  forEveryone: boolean,
): number {
  const idsByOwner = new Map<PeerId, number[]>();
  for (const { ownerId, id, post } of messages) {
    for (const [copyOwnerId, copyId] of forEveryone ? [...post.copies] : [[ownerId, id] as const]) {
      if (!boxOwnedBy(state, copyOwnerId).remove(copyId)) continue;
      const ids = idsByOwner.get(copyOwnerId);
      if (ids === undefined) idsByOwner.set(copyOwnerId, [copyId]);
      else ids.push(copyId);
    }
  }
  for (const [ownerId, ids] of idsByOwner) recordDeletion(state, batch, boxOwnedBy(state, ownerId), ids);
  const [first] = messages;
  return first === undefined ? 0 : (idsByOwner.get(first.ownerId)?.length ?? 0);
}

function checkLength(text: string, media: Media | null): void {
  if (media === null && text.trim() === "") throw new RpcError(400, "MESSAGE_EMPTY");
  if (media === null ? text.length > 4096 : text.length > 1024) {
    throw new RpcError(400, media === null ? "MESSAGE_TOO_LONG" : "MEDIA_CAPTION_TOO_LONG");
  }
}

function writeRefusal(chat: Chat): string {
  return chat.kind === "channel" ? "CHAT_ADMIN_REQUIRED" : "CHAT_WRITE_FORBIDDEN";
}

/** The message a forward shows as its source: the first author, or the channel. */
export function sourceOf(message: BoxMessage, chat: Chat | undefined): NonNullable<Post["forward"]> {
  if (message.post.forward !== null) return message.post.forward;
  const isBroadcast = chat?.kind === "channel";
  return {
    fromId: isBroadcast ? message.chatId : message.post.fromId,
    dateS: message.post.dateS,
    channelPost: isBroadcast && !isUserId(message.chatId) ? message.id : null,
  };
}
