import type { Telegram } from "../../contract/index.ts";
import { download } from "../transfer/download.ts";
import { upload } from "../transfer/upload.ts";
import { dialogs } from "./dialogs.ts";
import { invite } from "./invite.ts";
import {
  answerJoinRequest,
  createInviteLink,
  inviteLinks,
  joinRequests,
  revokeInviteLink,
} from "./invite-links.ts";
import { deleteMessages, react, read, typing } from "./mark-messages.ts";
import { Operator, type OperatorOptions } from "./operator.ts";
import { participants } from "./participants.ts";
import { contacts, me } from "./people.ts";
import { invoke } from "./raw-invoke.ts";
import { history, messagesById, search } from "./read-messages.ts";
import { edit, forward, send } from "./send-messages.ts";

/** Makes one account's `Telegram` of its way to the server. */
export function createTelegram(options: OperatorOptions): Telegram {
  const operator = new Operator(options);
  return {
    get account() {
      return options.rpc.account;
    },
    send: (chat, content, more) => send(operator, chat, content, more),
    reply: (to, content, more) => send(operator, to.chatId, content, { ...more, replyTo: to.messageId }),
    edit: (message, content, more) => edit(operator, message, content, more),
    delete: (chat, messageIds, more) => deleteMessages(operator, chat, messageIds, more),
    forward: (from, messageIds, to, more) => forward(operator, from, messageIds, to, more),
    react: (message, emoji, more) => react(operator, message, emoji, more),
    read: (chat, more) => read(operator, chat, more),
    typing: (chat, action, more) => typing(operator, chat, action, more),
    history: (chat, more) => history(operator, chat, more),
    messages: (chat, messageIds, more) => messagesById(operator, chat, messageIds, more),
    dialogs: (more) => dialogs(operator, more),
    search: (query, more) => search(operator, query, more),
    resolve: (peer, more) => operator.peers.resolve(peer, operator.begin(more)),
    me: (more) => me(operator, more),
    participants: (chat, more) => participants(operator, chat, more),
    invite: (chat, users, more) => invite(operator, chat, users, more),
    createInviteLink: (chat, more) => createInviteLink(operator, chat, more),
    inviteLinks: (chat, more) => inviteLinks(operator, chat, more),
    revokeInviteLink: (chat, url, more) => revokeInviteLink(operator, chat, url, more),
    joinRequests: (chat, more) => joinRequests(operator, chat, more),
    answerJoinRequest: (chat, user, approve, more) => answerJoinRequest(operator, chat, user, approve, more),
    contacts: (more) => contacts(operator, more),
    download: (message, path, more) => download(operator, message, path, more),
    upload: (chat, file, more) => upload(operator, chat, file, more),
    invoke: (method, parameters, more) => invoke(operator, method, parameters, more),
  };
}
