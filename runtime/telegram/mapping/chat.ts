import {
  type Chat,
  type ChatId,
  type PrivateChat,
  parseUserId,
  peerKeyOf,
  privateChatIdOf,
  type User,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { chatIdOfChannel, chatIdOfGroup } from "./peer-id.ts";
import { unknownUser, usernameOf } from "./user.ts";

/** A place as Telegram lists it under `chats`: a group or a channel. */
export type GroupOrChannel = Exclude<Chat, PrivateChat>;

/** The contract's chat of a TL chat, whatever is known of it. */
export function mapChat(chat: Api.TypeChat): GroupOrChannel {
  if (chat instanceof Api.Channel || chat instanceof Api.ChannelForbidden) return mapChannel(chat);
  return {
    id: chatIdOfGroup(chat.id),
    kind: "group",
    title: titleOf(chat),
    username: null,
    memberCount: chat instanceof Api.Chat ? chat.participantsCount : null,
  };
}

/** The chat of a person. */
export function privateChatOf(user: User): PrivateChat {
  return {
    id: privateChatIdOf(user.id),
    kind: "private",
    title: user.displayName,
    username: user.username,
    isSelf: user.isSelf,
    isBot: user.isBot,
    isContact: user.isContact,
  };
}

/** What can be said of a chat of which only the id is known. */
export function unknownChat(id: ChatId): Chat {
  const { kind, bareId } = peerKeyOf(id);
  switch (kind) {
    case "user":
      return privateChatOf(unknownUser(parseUserId(bareId)));
    case "group":
      return { id, kind: "group", title: `Group ${bareId}`, username: null, memberCount: null };
    case "channel":
      return { id, kind: "channel", title: `Channel ${bareId}`, username: null, memberCount: null };
    default:
      return kind satisfies never;
  }
}

function mapChannel(chat: Api.Channel | Api.ChannelForbidden): GroupOrChannel {
  const isFull = chat instanceof Api.Channel;
  const base = {
    id: chatIdOfChannel(chat.id),
    title: titleOf(chat),
    username: isFull ? usernameOf(chat) : null,
    memberCount: (isFull ? chat.participantsCount : null) ?? null,
  };
  return chat.megagroup === true
    ? { ...base, kind: "supergroup", isForum: isFull && chat.forum === true }
    : { ...base, kind: "channel" };
}

function titleOf(chat: Api.TypeChat): string {
  const title = chat instanceof Api.ChatEmpty ? "" : chat.title;
  return title === "" ? `Chat ${chat.id}` : title;
}
