import type { MemberJoined, TelegraphistEvent, UserId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { chatIdOfChannel, chatIdOfGroup, userIdOf } from "../mapping/peer-id.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { msOfSeconds } from "../mapping/seconds.ts";
import { type EventOrigin, eventBase } from "./event-origin.ts";
import { memberJoined, memberLeft } from "./member-events.ts";

export type ParticipantUpdate =
  | Api.UpdateChatParticipantAdd
  | Api.UpdateChatParticipantDelete
  | Api.UpdateChatParticipant
  | Api.UpdateChannelParticipant;

/** The event of a change of one participant; a change of role alone is `chat.updated` with `members`. */
export function participantEvents(
  update: ParticipantUpdate,
  view: PeerView,
  origin: EventOrigin,
): readonly TelegraphistEvent[] {
  const chatId =
    update instanceof Api.UpdateChannelParticipant
      ? chatIdOfChannel(update.channelId)
      : chatIdOfGroup(update.chatId);
  const userId = userIdOf(update.userId);

  if (update instanceof Api.UpdateChatParticipantAdd) {
    const byId = otherThan(userId, userIdOf(update.inviterId));
    const how = byId === null ? "joined" : "added";
    return [memberJoined({ chatId, userId, how, byId, atMs: msOfSeconds(update.date) }, view, origin)];
  }
  if (update instanceof Api.UpdateChatParticipantDelete) {
    return [memberLeft({ chatId, userId, how: "left", byId: null, atMs: origin.atMs }, view, origin)];
  }

  const atMs = msOfSeconds(update.date);
  const byId = otherThan(userId, userIdOf(update.actorId));
  const was = isPresent(update.prevParticipant);
  const is = isPresent(update.newParticipant);
  if (!was && is) {
    return [memberJoined({ chatId, userId, how: howJoined(update, byId), byId, atMs }, view, origin)];
  }
  if (was && !is) {
    return [
      memberLeft({ chatId, userId, how: byId === null ? "left" : "removed", byId, atMs }, view, origin),
    ];
  }
  const base = eventBase(origin, "chat.updated", [chatId, "members", userId, update.qts], atMs);
  return [{ ...base, chat: view.chatOf(chatId), change: "members" }];
}

function howJoined(
  update: Api.UpdateChatParticipant | Api.UpdateChannelParticipant,
  byId: UserId | null,
): MemberJoined["how"] {
  if (
    update.newParticipant instanceof Api.ChannelParticipantSelf &&
    update.newParticipant.viaRequest === true
  ) {
    return "request";
  }
  if (update.invite) return "link";
  return byId === null ? "joined" : "added";
}

function isPresent(
  participant: Api.TypeChatParticipant | Api.TypeChannelParticipant | null | undefined,
): boolean {
  if (participant === null || participant === undefined) return false;
  if (participant instanceof Api.ChannelParticipantLeft) return false;
  return !(participant instanceof Api.ChannelParticipantBanned && participant.left === true);
}

function otherThan(userId: UserId, actorId: UserId): UserId | null {
  return actorId === userId ? null : actorId;
}
