import type { BoxMessage } from "./box-message.ts";
import type { MessageBox } from "./message-box.ts";
import { messageView, peersOf } from "./message-view.ts";
import { bareId, isChannelId, type PeerId, peerOf } from "./peer-id.ts";
import type { UpdateBatch } from "./update-batch.ts";
import type { WorldUpdate } from "./update-log.ts";
import type { WorldState } from "./world-state.ts";

/** Everyone who reads a box: its person, or the members of its channel. */
export function readersOf(state: WorldState, { ownerId }: MessageBox): Iterable<PeerId> {
  return isChannelId(ownerId) ? state.chat(ownerId).members.keys() : [ownerId];
}

/** The box that a copy of a post lies in. */
export function boxOwnedBy(state: WorldState, ownerId: PeerId): MessageBox {
  const box = isChannelId(ownerId) ? state.chat(ownerId).box : state.person(ownerId).box;
  // A channel without a box cannot be: `Chat` makes one for every channel id.
  if (box === null) throw new Error(`Cannot find the box of ${ownerId}: the chat has none`);
  return box;
}

/** Logs a change of a box and tells its readers. */
export function record(
  state: WorldState,
  batch: UpdateBatch,
  box: MessageBox,
  ptsCount: number,
  make: (pts: number, ptsCount: number) => WorldUpdate,
): void {
  const update = box.log.append(ptsCount, state.nowS(), make);
  for (const readerId of readersOf(state, box)) batch.add(readerId, update);
}

export function recordNewMessage(
  state: WorldState,
  batch: UpdateBatch,
  box: MessageBox,
  message: BoxMessage,
): void {
  const name = isChannelId(box.ownerId) ? "updateNewChannelMessage" : "updateNewMessage";
  record(state, batch, box, 1, (pts, ptsCount) => ({
    name,
    peerIds: peersOf(message),
    newMessage: message,
    view: (readerId) => ({
      _: name,
      message: messageView(state, readerId, message),
      pts,
      pts_count: ptsCount,
    }),
  }));
}

export function recordEdit(
  state: WorldState,
  batch: UpdateBatch,
  box: MessageBox,
  message: BoxMessage,
): void {
  const name = isChannelId(box.ownerId) ? "updateEditChannelMessage" : "updateEditMessage";
  record(state, batch, box, 1, (pts, ptsCount) => ({
    name,
    peerIds: peersOf(message),
    view: (readerId) => ({
      _: name,
      message: messageView(state, readerId, message),
      pts,
      pts_count: ptsCount,
    }),
  }));
}

/** Deletions raise the pts by the number of messages. */
export function recordDeletion(
  state: WorldState,
  batch: UpdateBatch,
  box: MessageBox,
  ids: readonly number[],
): void {
  const isChannel = isChannelId(box.ownerId);
  const identity = isChannel
    ? { _: "updateDeleteChannelMessages", channel_id: bareId(box.ownerId) }
    : { _: "updateDeleteMessages" };
  record(state, batch, box, ids.length, (pts, ptsCount) => ({
    name: identity._,
    peerIds: isChannel ? [box.ownerId] : [],
    view: () => ({ ...identity, messages: ids, pts, pts_count: ptsCount }),
  }));
}

/** How far a person's own chat was read: by them, or by the other side. */
export function recordRead(
  state: WorldState,
  batch: UpdateBatch,
  box: MessageBox,
  chatId: PeerId,
  direction: "inbox" | "outbox",
  maxId: number,
): void {
  const unreadCount = box.unreadCount(chatId, box.ownerId, maxId);
  const identity =
    direction === "inbox"
      ? { _: "updateReadHistoryInbox", still_unread_count: unreadCount }
      : { _: "updateReadHistoryOutbox" };
  record(state, batch, box, 1, (pts, ptsCount) => ({
    name: identity._,
    peerIds: [chatId],
    view: () => ({ ...identity, peer: peerOf(chatId), max_id: maxId, pts, pts_count: ptsCount }),
  }));
}
