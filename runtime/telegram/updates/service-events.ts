import type { ChatUpdated, TelegraphistEvent, UserId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { chatIdOfPeer, userIdOf, userIdOfPeer } from "../mapping/peer-id.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { msOfSeconds } from "../mapping/seconds.ts";
import { type EventOrigin, eventBase } from "./event-origin.ts";
import { memberJoined, memberLeft } from "./member-events.ts";

/** What a service message tells beside being a message: who came and went, what changed about the chat. */
export function serviceEvents(
  message: Api.MessageService,
  view: PeerView,
  origin: EventOrigin,
): readonly TelegraphistEvent[] {
  const { action } = message;
  const chatId = chatIdOfPeer(message.peerId);
  const atMs = msOfSeconds(message.date);
  const actor = message.fromId ? userIdOfPeer(message.fromId) : null;
  const byOther = (userId: UserId) => (actor === userId ? null : actor);

  if (action instanceof Api.MessageActionChatAddUser) {
    return action.users.map((id) => {
      const userId = userIdOf(id);
      const byId = byOther(userId);
      return memberJoined(
        { chatId, userId, how: byId === null ? "joined" : "added", byId, atMs },
        view,
        origin,
      );
    });
  }
  if (action instanceof Api.MessageActionChatJoinedByLink && actor !== null) {
    const byId = action.inviterId.isZero() ? null : userIdOf(action.inviterId);
    return [memberJoined({ chatId, userId: actor, how: "link", byId, atMs }, view, origin)];
  }
  if (action instanceof Api.MessageActionChatJoinedByRequest && actor !== null) {
    return [memberJoined({ chatId, userId: actor, how: "request", byId: null, atMs }, view, origin)];
  }
  if (action instanceof Api.MessageActionChatDeleteUser) {
    const userId = userIdOf(action.userId);
    const byId = byOther(userId);
    return [
      memberLeft({ chatId, userId, how: byId === null ? "left" : "removed", byId, atMs }, view, origin),
    ];
  }
  const change = changes.get(action.className);
  if (change === undefined) return [];
  const base = eventBase(origin, "chat.updated", [chatId, change, message.id], atMs);
  return [{ ...base, chat: view.chatOf(chatId), change }];
}

/** Pins are told by an update of their own, which silent ones have too. */
const changes: ReadonlyMap<string, ChatUpdated["change"]> = new Map([
  ["MessageActionChatEditTitle", "title"],
  ["MessageActionChatEditPhoto", "photo"],
  ["MessageActionChatDeletePhoto", "photo"],
  ["MessageActionChatCreate", "created"],
  ["MessageActionChannelCreate", "created"],
  ["MessageActionChatMigrateTo", "migrated"],
  ["MessageActionChannelMigrateFrom", "migrated"],
]);
