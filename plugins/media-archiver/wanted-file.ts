import type { AccountName, ChatId, FileMediaKind, MessageId } from "telegraphist";

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
