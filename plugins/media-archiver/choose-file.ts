import { type AccountName, type Chat, isFileMedia, type Message, type MessageId } from "telegraphist";
import type { ArchiverConfig } from "./config.ts";
import type { WantedFile } from "./wanted-file.ts";

type Wishes = Pick<ArchiverConfig, "chats" | "media" | "minBytes" | "maxBytes" | "since" | "until">;
type Content = Pick<Message, "chat" | "sender" | "media" | "sentAtMs">;

/** The file of a message, when the configuration wants it. */
export function wantedFileOf(
  account: AccountName,
  messageId: MessageId,
  { chat, media, sender, sentAtMs }: Content,
  wishes: Wishes,
): WantedFile | null {
  if (!isFileMedia(media) || !wishes.media.includes(media.kind)) return null;
  if (media.sizeBytes < wishes.minBytes || media.sizeBytes > wishes.maxBytes) return null;
  if (wishes.since !== undefined && sentAtMs < Date.parse(wishes.since)) return null;
  if (wishes.until !== undefined && sentAtMs >= Date.parse(wishes.until)) return null;
  if (!wantsChat(wishes.chats, chat)) return null;
  const { fileId, fileName, kind, mimeType, sizeBytes } = media;
  return {
    account,
    chatId: chat.id,
    chatTitle: chat.title,
    chatUsername: chat.username,
    messageId,
    senderId: sender.id,
    senderName: sender.displayName,
    sentAtMs,
    fileId,
    kind,
    mimeType,
    sizeBytes,
    fileName,
  };
}

/** Whether a list of ids, @usernames, kinds, or `*` names a chat. */
export function wantsChat(list: readonly string[], chat: Pick<Chat, "id" | "kind" | "username">): boolean {
  const name = chat.username === null ? null : `@${chat.username.toLowerCase()}`;
  return list.some(
    (entry) => entry === "*" || entry === chat.id || entry === chat.kind || entry.toLowerCase() === name,
  );
}
