import type { TlObject } from "../tl/value.ts";
import type { Chat } from "../world/chat.ts";
import { bannedParticipantView, channelParticipantView, chatView } from "../world/chat-view.ts";
import { createChat, enter, exit, invite, promote, tellOfChannel } from "../world/membership.ts";
import { bareId } from "../world/peer-id.ts";
import { Person } from "../world/person.ts";
import { peerViews, type UpdateBatch } from "../world/update-batch.ts";
import type { WorldState } from "../world/world-state.ts";
import { type Caller, change, forSignedIn } from "./caller.ts";
import { invitedView, pendingRequests, retitle } from "./chat-answers.ts";
import { flag, int, object, objects, text } from "./fields.ts";
import { participantsOf } from "./participants.ts";
import { anyChannelOfInput, channelOfInput, peerOfInput, personOfInput, requireRight } from "./peers.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";

const maxInvited = 200;

/** Supergroups and channels. */
export function channelMethods(state: WorldState): RpcHandlers {
  const channelIn = (request: TlObject, caller: Caller): Chat =>
    channelOfInput(state, caller, object(request, "channel"));

  return forSignedIn(state, {
    "channels.createChannel": (request, caller) => {
      const kind = flag(request, "megagroup") ? "supergroup" : "channel";
      const details = { kind, title: text(request, "title"), about: text(request, "about") } as const;
      const { result, updates } = change(state, caller, (batch) =>
        createChat(state, batch, caller.person, details),
      );
      return withChat(state, updates(), caller, result);
    },
    "channels.getChannels": (request, caller) => ({
      _: "messages.chats",
      chats: objects(request, "id").map((input) =>
        chatView(state, caller.person.id, anyChannelOfInput(state, caller, input)),
      ),
    }),
    "channels.getFullChannel": (request, caller) => {
      const chat = channelIn(request, caller);
      const member = chat.members.get(caller.person.id);
      const isAdmin = member !== undefined && member.role !== "member";
      return {
        _: "messages.chatFull",
        full_chat: {
          _: "channelFull",
          can_view_participants: chat.kind === "supergroup" || isAdmin,
          id: bareId(chat.id),
          about: chat.about,
          participants_count: chat.members.size,
          ...(isAdmin && {
            admins_count: [...chat.members.values()].filter(({ role }) => role !== "member").length,
            kicked_count: [...chat.bans.keys()].filter((userId) => chat.isBanned(userId)).length,
            banned_count: [...chat.bans.keys()].filter((userId) => !chat.isBanned(userId)).length,
          }),
          read_inbox_max_id: member?.readInboxMaxId ?? 0,
          read_outbox_max_id: chat.readOutboxMaxId,
          unread_count: chat.box?.unreadCount(chat.id, caller.person.id, member?.readInboxMaxId ?? 0) ?? 0,
          chat_photo: { _: "photoEmpty", id: 0n },
          notify_settings: { _: "peerNotifySettings" },
          bot_info: [],
          pts: chat.box?.log.pts ?? 0,
          ...(chat.pinnedId !== null && { pinned_msg_id: chat.pinnedId }),
          ...pendingRequests(chat, caller),
        },
        ...peerViews(state, caller.person.id, [chat.id]),
      };
    },
    "channels.inviteToChannel": (request, caller) => {
      const chat = channelIn(request, caller);
      const people = objects(request, "users").map((input) => personOfInput(state, caller, input));
      if (people.length > maxInvited) throw new RpcError(400, "USERS_TOO_MUCH");
      const { result, updates } = change(state, caller, (batch) =>
        invite(state, batch, caller.person, chat, people),
      );
      return invitedView(updates(), result);
    },
    "channels.joinChannel": (request, caller) => {
      const chat = channelIn(request, caller);
      const { updates } = change(state, caller, (batch) => {
        if (!chat.has(caller.person.id)) enter(state, batch, chat, caller.person, { kind: "joined" });
      });
      return withChat(state, updates(), caller, chat);
    },
    "channels.leaveChannel": (request, caller) => {
      const chat = anyChannelOfInput(state, caller, object(request, "channel"));
      if (chat.creatorId === caller.person.id) throw new RpcError(400, "USER_CREATOR");
      return change(state, caller, (batch) =>
        exit(state, batch, chat, caller.person, caller.person),
      ).updates();
    },
    "channels.getParticipants": (request, caller) => {
      const chat = channelIn(request, caller);
      const isAdmin = chat.isAllowed(caller.person.id, "invite_users");
      if (chat.kind === "channel" && !isAdmin) throw new RpcError(400, "CHAT_ADMIN_REQUIRED");
      const found = participantsOf(state, chat, caller, object(request, "filter"));
      const offset = int(request, "offset");
      const page = found.slice(offset, offset + Math.min(Math.max(int(request, "limit"), 0), maxInvited));
      return {
        _: "channels.channelParticipants",
        count: found.length,
        participants: page.map(({ view }) => view),
        ...peerViews(state, caller.person.id, [chat.id, ...page.map(({ userId }) => userId)]),
      };
    },
    "channels.getParticipant": (request, caller) => {
      const chat = channelIn(request, caller);
      const { id } = peerOfInput(state, caller, object(request, "participant"));
      const member = chat.members.get(id);
      const ban = chat.bans.get(id);
      if (member === undefined && ban === undefined) throw new RpcError(400, "USER_NOT_PARTICIPANT");
      return {
        _: "channels.channelParticipant",
        participant:
          ban !== undefined
            ? bannedParticipantView(id, ban)
            : member !== undefined && channelParticipantView(caller.person.id, member),
        ...peerViews(state, caller.person.id, [chat.id, id]),
      };
    },
    "channels.editAdmin": (request, caller) => {
      const chat = channelIn(request, caller);
      requireRight(chat, caller, "add_admins");
      const person = personOfInput(state, caller, object(request, "user_id"));
      const member = chat.members.get(person.id);
      if (member === undefined) throw new RpcError(400, "USER_NOT_PARTICIPANT");
      if (member.role === "creator") throw new RpcError(400, "USER_CREATOR");
      const { updates } = change(state, caller, (batch) => {
        promote(member, setFlags(object(request, "admin_rights")), caller.person.id);
        tellOfChannel(batch, chat, person.id);
      });
      return withChat(state, updates(), caller, chat);
    },
    "channels.editBanned": (request, caller) => {
      const chat = channelIn(request, caller);
      requireRight(chat, caller, "ban_users");
      const person = peerOfInput(state, caller, object(request, "participant"));
      if (!(person instanceof Person)) throw new RpcError(400, "PARTICIPANT_ID_INVALID");
      if (chat.members.get(person.id)?.role === "creator") throw new RpcError(400, "USER_CREATOR");
      const banned = object(request, "banned_rights");
      const { updates } = change(state, caller, (batch) => {
        ban(state, batch, caller, chat, person, setFlags(banned), int(banned, "until_date"));
      });
      return withChat(state, updates(), caller, chat);
    },
    "channels.checkUsername": (request, caller) => {
      channelIn(request, caller);
      return !state.usernames.has(text(request, "username").toLowerCase());
    },
    "channels.updateUsername": (request, caller) => {
      const chat = channelIn(request, caller);
      requireRight(chat, caller, "change_info");
      state.rename(chat, text(request, "username") || null);
      return true;
    },
    "channels.editTitle": (request, caller) => {
      const chat = channelIn(request, caller);
      return change(state, caller, (batch) =>
        retitle(state, batch, caller, chat, text(request, "title")),
      ).updates();
    },
  });
}

function ban(
  state: WorldState,
  batch: UpdateBatch,
  { person: admin }: Caller,
  chat: Chat,
  person: Person,
  rights: ReadonlySet<string>,
  untilS: number,
): void {
  if (rights.has("view_messages") && chat.has(person.id)) exit(state, batch, chat, person, admin);
  if (rights.size === 0) chat.bans.delete(person.id);
  else chat.bans.set(person.id, { rights, untilS, byId: admin.id, dateS: state.nowS() });
  tellOfChannel(batch, chat, person.id);
}

/** Updates that show the chat even when nothing in them names it. */
function withChat(state: WorldState, updates: TlObject, { person }: Caller, chat: Chat): TlObject {
  const shown = updates.chats;
  return Array.isArray(shown) && shown.length > 0
    ? updates
    : { ...updates, chats: [chatView(state, person.id, chat)] };
}

/** The names of the `true` flags of a rights object. */
function setFlags(rights: TlObject): ReadonlySet<string> {
  return new Set(Object.keys(rights).filter((name) => rights[name] === true));
}
