import {
  type AccountName,
  type Chat,
  type ChatId,
  type FileMediaKind,
  isFileMedia,
  type Message,
  type MessageId,
} from "telegraphist";
import type { ArchiverConfig } from "./config.ts";

/** A file of a message, with all that its name and its line in the index say. */
export interface WantedFile {
  readonly account: AccountName;
  readonly chatId: ChatId;
  readonly chatTitle: string;
  readonly chatUsername: string | null;
  readonly messageId: MessageId;
  readonly senderId: string;
  readonly senderName: string;
  readonly sentAtMs: number;
  /** Telegram's name of the content. */
  readonly fileId: string;
  readonly kind: FileMediaKind;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly fileName: string | null;
}

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
