import type { UserId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import type { PeerContainer } from "../peers/peer-store.ts";

/** What a container of updates holds, in order. */
export interface UnpackedUpdates extends PeerContainer {
  readonly updates: readonly Api.TypeUpdate[];
  /** Telegram's clock in seconds; `null` where the container tells none. */
  readonly date: number | null;
}

/**
 * Lays every form of `Updates` out as a list; the short messages become whole ones. `updatesTooLong` and
 * `updateShortSentMessage` hold no update by themselves: `null`.
 *
 * Source: core.telegram.org/type/Updates.
 *
 * @param selfId the account's own person; `null` before the first login told it
 */
export function unpackUpdates(container: Api.TypeUpdates, selfId: UserId | null): UnpackedUpdates | null {
  if (container instanceof Api.Updates || container instanceof Api.UpdatesCombined) {
    const { updates, users, chats, date } = container;
    return { updates, users, chats, date: date > 0 ? date : null };
  }
  if (container instanceof Api.UpdateShort) {
    return { updates: [container.update], users: [], chats: [], date: container.date };
  }
  if (container instanceof Api.UpdateShortMessage) {
    const peerId = new Api.PeerUser({ userId: container.userId });
    const self = selfId === null ? null : new Api.PeerUser({ userId: longOf(selfId) });
    return wholeMessage(container, peerId, container.out === true && self !== null ? self : peerId);
  }
  if (container instanceof Api.UpdateShortChatMessage) {
    const peerId = new Api.PeerChat({ chatId: container.chatId });
    return wholeMessage(container, peerId, new Api.PeerUser({ userId: container.fromId }));
  }
  return null;
}

function wholeMessage(
  short: Api.UpdateShortMessage | Api.UpdateShortChatMessage,
  peerId: Api.TypePeer,
  fromId: Api.TypePeer,
): UnpackedUpdates {
  const { id, out, mentioned, mediaUnread, silent, message, date, pts, ptsCount } = short;
  const { fwdFrom, viaBotId, replyTo, entities } = short;
  const whole = new Api.Message({
    ...{ id, out, mentioned, mediaUnread, silent, message, date, peerId, fromId },
    ...{ fwdFrom, viaBotId, replyTo, entities },
  });
  return {
    updates: [new Api.UpdateNewMessage({ message: whole, pts, ptsCount })],
    users: [],
    chats: [],
    date,
  };
}
