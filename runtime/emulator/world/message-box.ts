import type { BoxMessage } from "./box-message.ts";
import type { PeerId } from "./peer-id.ts";
import type { Post } from "./post.ts";
import { UpdateLog } from "./update-log.ts";

/** One chat's messages within a box, and how far its owner has read. */
export interface Thread {
  /** Ascending. */
  readonly ids: number[];
  readInboxMaxId: number;
  readOutboxMaxId: number;
}

/**
 * Messages that are numbered together and share one pts: those of a person (private chats and basic groups), or those
 * of one channel (core.telegram.org/api/updates).
 */
export class MessageBox {
  readonly ownerId: PeerId;
  readonly log = new UpdateLog();
  readonly threads = new Map<PeerId, Thread>();
  readonly #messages = new Map<number, BoxMessage>();
  #lastId = 0;

  constructor(ownerId: PeerId) {
    this.ownerId = ownerId;
  }

  get(id: number): BoxMessage | undefined {
    return this.#messages.get(id);
  }

  add(chatId: PeerId, post: Post): BoxMessage {
    this.#lastId += 1;
    const message = { id: this.#lastId, ownerId: this.ownerId, chatId, post };
    this.#messages.set(message.id, message);
    post.copies.set(this.ownerId, message.id);
    this.thread(chatId).ids.push(message.id);
    return message;
  }

  /** Says whether there was such a message. */
  remove(id: number): boolean {
    const message = this.#messages.get(id);
    if (message === undefined) return false;
    this.#messages.delete(id);
    message.post.copies.delete(this.ownerId);
    const { ids } = this.thread(message.chatId);
    ids.splice(countBelow(ids, id), 1);
    return true;
  }

  thread(chatId: PeerId): Thread {
    let thread = this.threads.get(chatId);
    if (thread === undefined) {
      thread = { ids: [], readInboxMaxId: 0, readOutboxMaxId: 0 };
      this.threads.set(chatId, thread);
    }
    return thread;
  }

  /** The messages of a chat, ascending. */
  *messagesOf(chatId: PeerId): Iterable<BoxMessage> {
    for (const id of this.threads.get(chatId)?.ids ?? []) {
      const message = this.#messages.get(id);
      if (message !== undefined) yield message;
    }
  }

  /** How many messages of the chat after one were sent by others than the reader. */
  unreadCount(chatId: PeerId, readerId: PeerId, readMaxId: number): number {
    const ids = this.threads.get(chatId)?.ids ?? [];
    let count = 0;
    for (let index = countBelow(ids, readMaxId + 1); index < ids.length; index++) {
      if (this.#messages.get(ids[index] ?? 0)?.post.fromId !== readerId) count += 1;
    }
    return count;
  }
}

/** How many of the ascending numbers are smaller. */
export function countBelow(ascending: readonly number[], bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? bound) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
