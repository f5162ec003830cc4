import type { TlObject } from "../tl/value.ts";
import type { Chat } from "../world/chat.ts";
import { chatView, groupParticipantsView } from "../world/chat-view.ts";
import { createChat, exit, invite } from "../world/membership.ts";
import { bareId } from "../world/peer-id.ts";
import { peerViews } from "../world/update-batch.ts";
import type { WorldState } from "../world/world-state.ts";
import { type Caller, change, forSignedIn } from "./caller.ts";
import { invitedView, pendingRequests, retitle } from "./chat-answers.ts";
import { long, longs, object, objects, text } from "./fields.ts";
import { groupOf, personOfInput } from "./peers.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";

/** Basic groups. */
export function groupMethods(state: WorldState): RpcHandlers {
  const groupIn = (request: TlObject, caller: Caller): Chat =>
    groupOf(state, caller, -Number(long(request, "chat_id")));

  return forSignedIn(state, {
    "messages.createChat": (request, caller) => {
      const people = objects(request, "users").map((input) => personOfInput(state, caller, input));
      if (people.length === 0) throw new RpcError(400, "USERS_TOO_FEW");
      const willing = people.filter((person) => person.canBeAddedBy(caller.person));
      const { updates } = change(state, caller, (batch) =>
        createChat(state, batch, caller.person, { kind: "group", title: text(request, "title") }, willing),
      );
      return invitedView(
        updates(),
        people.filter((person) => !willing.includes(person)),
      );
    },
    "messages.getChats": (request, caller) => ({
      _: "messages.chats",
      chats: longs(request, "id").map((id) =>
        chatView(state, caller.person.id, groupOf(state, caller, -Number(id))),
      ),
    }),
    "messages.getFullChat": (request, caller) => {
      const chat = groupIn(request, caller);
      return {
        _: "messages.chatFull",
        full_chat: {
          _: "chatFull",
          id: bareId(chat.id),
          about: chat.about,
          participants: groupParticipantsView(chat),
          notify_settings: { _: "peerNotifySettings" },
          ...pendingRequests(chat, caller),
        },
        ...peerViews(state, caller.person.id, [chat.id, ...chat.members.keys()]),
      };
    },
    "messages.addChatUser": (request, caller) => {
      const chat = groupIn(request, caller);
      const person = personOfInput(state, caller, object(request, "user_id"));
      if (chat.has(person.id)) throw new RpcError(400, "USER_ALREADY_PARTICIPANT");
      const { result, updates } = change(state, caller, (batch) =>
        invite(state, batch, caller.person, chat, [person]),
      );
      return invitedView(updates(), result);
    },
    "messages.deleteChatUser": (request, caller) => {
      const chat = groupIn(request, caller);
      const person = personOfInput(state, caller, object(request, "user_id"));
      const mayRemove = person === caller.person || chat.isAllowed(caller.person.id, "ban_users");
      if (!mayRemove) throw new RpcError(400, "CHAT_ADMIN_REQUIRED");
      return change(state, caller, (batch) => exit(state, batch, chat, person, caller.person)).updates();
    },
    "messages.editChatTitle": (request, caller) => {
      const chat = groupIn(request, caller);
      return change(state, caller, (batch) =>
        retitle(state, batch, caller, chat, text(request, "title")),
      ).updates();
    },
  });
}
