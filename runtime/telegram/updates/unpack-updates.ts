import type { UserId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import type { PeerContainer } from "../peers/peer-store.ts";

/** What a container of updates holds, in order. */
export interface UnpackedUpdates extends PeerContainer {
  readonly updates: readonly Api.TypeUpdate[];
  /** Telegram's clock in seconds; `null` where the container tells none. */
  readonly date: number | null;
  /** The container's place in the account's count of containers, from the first to the last; 0 for one without. */
  readonly seqStart: number;
  readonly seq: number;
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
    const { updates, users, chats, date, seq } = container;
    const seqStart = container instanceof Api.UpdatesCombined ? container.seqStart : seq;
    return { updates, users, chats, date: date > 0 ? date : null, seqStart, seq };
  }
  if (container instanceof Api.UpdateShort) {
    return { ...alone, updates: [container.update], date: container.date };
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

const alone = { users: [], chats: [], seqStart: 0, seq: 0 };

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
  return { ...alone, updates: [new Api.UpdateNewMessage({ message: whole, pts, ptsCount })], date };
}
