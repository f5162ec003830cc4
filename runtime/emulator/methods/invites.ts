import type { TlObject } from "../tl/value.ts";
import type { Chat } from "../world/chat.ts";
import { chatView } from "../world/chat-view.ts";
import { hashOfLink, type InviteLink } from "../world/invite-link.ts";
import { answerJoinRequest, createLink, joinByLink, usableLink } from "../world/joining.ts";
import { bareId } from "../world/peer-id.ts";
import { peerViews } from "../world/update-batch.ts";
import type { WorldState } from "../world/world-state.ts";
import { type Caller, change, forSignedIn } from "./caller.ts";
import { flag, int, object, optionalInt, optionalText, text } from "./fields.ts";
import { chatOfInput, personOfInput, requireRight } from "./peers.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";

/** Invite links and join requests (core.telegram.org/api/invites). */
export function inviteMethods(state: WorldState): RpcHandlers {
  /** The chat, when the caller may invite to it. */
  const administered = (request: TlObject, caller: Caller): Chat => {
    const chat = chatOfInput(state, caller, object(request, "peer"));
    requireRight(chat, caller, "invite_users");
    return chat;
  };
  const ownLink = (chat: Chat, request: TlObject): InviteLink => {
    const link = chat.links.get(hashOfLink(text(request, "link")));
    if (link === undefined) throw new RpcError(400, "INVITE_HASH_INVALID");
    return link;
  };

  return forSignedIn(state, {
    "messages.exportChatInvite": (request, caller) => {
      const chat = administered(request, caller);
      const usageLimit = optionalInt(request, "usage_limit");
      const needsApproval = flag(request, "request_needed");
      if (usageLimit !== undefined && (usageLimit < 1 || usageLimit > 99_999 || needsApproval)) {
        throw new RpcError(400, "USAGE_LIMIT_INVALID");
      }
      const expireDateS = optionalInt(request, "expire_date");
      if (expireDateS !== undefined && expireDateS <= state.nowS()) {
        throw new RpcError(400, "EXPIRE_DATE_INVALID");
      }
      const title = optionalText(request, "title");
      return linkView(
        createLink(state, chat, caller.person, { title, expireDateS, usageLimit, needsApproval }),
        chat,
      );
    },
    "messages.checkChatInvite": (request, { person }) => {
      const link = usableLink(state, text(request, "hash"));
      const chat = state.chat(link.chatId);
      if (chat.has(person.id)) return { _: "chatInviteAlready", chat: chatView(state, person.id, chat) };
      return {
        _: "chatInvite",
        channel: chat.box !== null,
        broadcast: chat.kind === "channel",
        public: chat.username !== null,
        megagroup: chat.kind === "supergroup",
        request_needed: link.needsApproval,
        title: chat.title,
        ...(chat.about !== "" && { about: chat.about }),
        photo: { _: "photoEmpty", id: 0n },
        participants_count: chat.members.size,
        color: 0,
      };
    },
    "messages.importChatInvite": (request, caller) => {
      const link = usableLink(state, text(request, "hash"));
      const { result, updates } = change(state, caller, (batch) =>
        joinByLink(state, batch, caller.person, link),
      );
      return { ...updates(), chats: [chatView(state, caller.person.id, result)] };
    },
    "messages.getExportedChatInvites": (request, caller) => {
      const chat = administered(request, caller);
      const admin = personOfInput(state, caller, object(request, "admin_id"));
      const offsetHash = hashOfLink(optionalText(request, "offset_link") ?? "");
      const found = [...chat.links.values()]
        .filter((link) => link.adminId === admin.id && link.isRevoked === flag(request, "revoked"))
        .reverse();
      const after = 1 + found.findIndex(({ hash }) => hash === offsetHash);
      const page = found.slice(after, after + int(request, "limit"));
      return {
        _: "messages.exportedChatInvites",
        count: found.length,
        invites: page.map((link) => linkView(link, chat)),
        users: peerViews(state, caller.person.id, [admin.id]).users,
      };
    },
    "messages.getExportedChatInvite": (request, caller) => {
      const chat = administered(request, caller);
      return exportedView(state, caller, chat, ownLink(chat, request));
    },
    "messages.editExportedChatInvite": (request, caller) => {
      const chat = administered(request, caller);
      const link = ownLink(chat, request);
      if (link.isRevoked) throw new RpcError(400, "CHAT_INVITE_PERMANENT");
      link.isRevoked = flag(request, "revoked");
      link.title = optionalText(request, "title") ?? link.title;
      link.expireDateS = optionalInt(request, "expire_date") ?? link.expireDateS;
      link.usageLimit = optionalInt(request, "usage_limit") ?? link.usageLimit;
      if (request.request_needed !== undefined) link.needsApproval = flag(request, "request_needed");
      return exportedView(state, caller, chat, link);
    },
    "messages.deleteExportedChatInvite": (request, caller) => {
      const chat = administered(request, caller);
      const link = ownLink(chat, request);
      if (!link.isRevoked) throw new RpcError(400, "INVITE_REVOKED_MISSING");
      chat.links.delete(link.hash);
      state.links.delete(link.hash);
      return true;
    },
    "messages.getChatInviteImporters": (request, caller) => {
      const chat = administered(request, caller);
      const wanted = optionalText(request, "link");
      const hash = wanted === undefined ? null : hashOfLink(wanted);
      const importers = flag(request, "requested")
        ? [...chat.joinRequests.values()].filter(({ link }) => hash === null || link?.hash === hash)
        : [...chat.links.values()].filter((link) => link.hash === hash).flatMap((link) => link.importers);
      const offsetUser = object(request, "offset_user");
      const offsetId = offsetUser._ === "inputUserEmpty" ? null : personOfInput(state, caller, offsetUser).id;
      const newestFirst = importers.toReversed();
      const after = 1 + newestFirst.findIndex(({ userId }) => userId === offsetId);
      const page = newestFirst.slice(after, after + int(request, "limit"));
      return {
        _: "messages.chatInviteImporters",
        count: importers.length,
        importers: page.map((importer) => ({
          _: "chatInviteImporter",
          requested: flag(request, "requested"),
          user_id: bareId(importer.userId),
          date: importer.dateS,
          ...("about" in importer && importer.about !== null && { about: importer.about }),
          ...("approvedById" in importer &&
            importer.approvedById !== null && { approved_by: bareId(importer.approvedById) }),
        })),
        users: peerViews(
          state,
          caller.person.id,
          page.map(({ userId }) => userId),
        ).users,
      };
    },
    "messages.hideChatJoinRequest": (request, caller) => {
      const chat = administered(request, caller);
      const person = personOfInput(state, caller, object(request, "user_id"));
      return change(state, caller, (batch) =>
        answerJoinRequest(state, batch, caller.person, chat, person, flag(request, "approved")),
      ).updates();
    },
    "messages.hideAllChatJoinRequests": (request, caller) => {
      const chat = administered(request, caller);
      return change(state, caller, (batch) => {
        for (const userId of [...chat.joinRequests.keys()]) {
          const person = state.person(userId);
          answerJoinRequest(state, batch, caller.person, chat, person, flag(request, "approved"));
        }
      }).updates();
    },
  });
}

function exportedView(state: WorldState, caller: Caller, chat: Chat, link: InviteLink): TlObject {
  return {
    _: "messages.exportedChatInvite",
    invite: linkView(link, chat),
    users: peerViews(state, caller.person.id, [link.adminId]).users,
  };
}

function linkView(link: InviteLink, chat: Chat): TlObject {
  const requested = [...chat.joinRequests.values()].filter((request) => request.link === link).length;
  return {
    _: "chatInviteExported",
    revoked: link.isRevoked,
    request_needed: link.needsApproval,
    link: link.url,
    admin_id: bareId(link.adminId),
    date: link.dateS,
    ...(link.expireDateS !== null && { expire_date: link.expireDateS }),
    ...(link.usageLimit !== null && { usage_limit: link.usageLimit }),
    usage: link.importers.length,
    requested,
    ...(link.title !== null && { title: link.title }),
  };
}
