import type { ChatId, JoinRequested, UserId } from "../../contract/index.ts";
import type { Api } from "../gramjs.ts";
import { chatIdOfPeer, userIdOf } from "../mapping/peer-id.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { LruMap } from "../peers/lru-map.ts";
import { type EventOrigin, eventBase } from "./event-origin.ts";

/**
 * Tells who is new among those who ask to join. Telegram sends the state of the queue, after an answer as after a
 * request, so only the one before says what happened.
 */
export class JoinRequests {
  /** The latest requesters by chat. */
  readonly #waiting = new LruMap<ChatId, ReadonlySet<UserId>>(1_000);

  /** Takes the state in, and returns those who were not waiting before. */
  take(update: Api.UpdatePendingJoinRequests): readonly UserId[] {
    const chatId = chatIdOfPeer(update.peer);
    const before = this.#waiting.get(chatId);
    const now = new Set(update.recentRequesters.map(userIdOf));
    this.#waiting.set(chatId, now);
    return [...now].filter((userId) => before?.has(userId) !== true);
  }
}

/** The events of people who ask to join. */
export function joinRequestEvents(
  update: Api.UpdatePendingJoinRequests,
  newcomers: readonly UserId[],
  view: PeerView,
  origin: EventOrigin,
): readonly JoinRequested[] {
  const chatId = chatIdOfPeer(update.peer);
  return newcomers.map((userId) => ({
    ...eventBase(origin, "join.requested", [chatId, userId, origin.atMs / 1000]),
    chat: view.chatOf(chatId),
    user: view.userOf(userId),
    pendingCount: update.requestsPending,
  }));
}
