import { recordRead } from "./box-updates.ts";
import type { Chat } from "./chat.ts";
import { bareId, isUserId, type PeerId } from "./peer-id.ts";
import type { Person } from "./person.ts";
import type { UpdateBatch } from "./update-batch.ts";
import type { WorldState } from "./world-state.ts";

/** Marks a private chat or basic group as read; whoever wrote what was read is told. Says how many pts it took. */
export function readBoxChat(
  state: WorldState,
  batch: UpdateBatch,
  reader: Person,
  chatId: PeerId,
  upToId: number,
): number {
  const thread = reader.box.thread(chatId);
  const lastId = thread.ids.at(-1) ?? 0;
  const maxId = upToId === 0 ? lastId : Math.min(upToId, lastId);
  const before = thread.readInboxMaxId;
  if (maxId <= before) return 0;
  thread.readInboxMaxId = maxId;
  recordRead(state, batch, reader.box, chatId, "inbox", maxId);

  const told = new Set<PeerId>([reader.id]);
  for (let index = thread.ids.length - 1; index >= 0; index--) {
    const id = thread.ids[index] ?? 0;
    if (id <= before) break;
    const post = reader.box.get(id)?.post;
    if (id > maxId || post === undefined || told.has(post.fromId)) continue;
    told.add(post.fromId);
    const authorBox = state.person(post.fromId).box;
    const authorChatId = isUserId(chatId) ? reader.id : chatId;
    const authorThread = authorBox.thread(authorChatId);
    const readId = post.copies.get(post.fromId) ?? 0;
    if (readId <= authorThread.readOutboxMaxId) continue;
    authorThread.readOutboxMaxId = readId;
    recordRead(state, batch, authorBox, authorChatId, "outbox", readId);
  }
  return 1;
}

/** As `readBoxChat()` for a supergroup or channel, where reading is no part of the log. */
export function readChannel(batch: UpdateBatch, reader: Person, chat: Chat, upToId: number): void {
  const member = chat.members.get(reader.id);
  const { box } = chat;
  if (member === undefined || box === null) return;
  const ids = box.thread(chat.id).ids;
  const lastId = ids.at(-1) ?? 0;
  const maxId = upToId === 0 ? lastId : Math.min(upToId, lastId);
  if (maxId <= member.readInboxMaxId) return;
  member.readInboxMaxId = maxId;
  const channel_id = bareId(chat.id);
  const still_unread_count = box.unreadCount(chat.id, reader.id, maxId);
  const { pts } = box.log;
  batch.add(reader.id, {
    name: "updateReadChannelInbox",
    peerIds: [chat.id],
    view: () => ({ _: "updateReadChannelInbox", channel_id, max_id: maxId, still_unread_count, pts }),
  });
  if (chat.kind === "channel" || maxId <= chat.readOutboxMaxId) return;
  const authors = new Set<PeerId>();
  for (const id of ids) {
    const author = id > chat.readOutboxMaxId && id <= maxId ? box.get(id)?.post.fromId : undefined;
    if (author !== undefined && author !== reader.id && chat.has(author)) authors.add(author);
  }
  chat.readOutboxMaxId = maxId;
  for (const authorId of authors) {
    batch.add(authorId, {
      name: "updateReadChannelOutbox",
      peerIds: [chat.id],
      view: () => ({ _: "updateReadChannelOutbox", channel_id, max_id: maxId }),
    });
  }
}
