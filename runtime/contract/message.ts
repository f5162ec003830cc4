import type { Chat } from "./chat.ts";
import type { ChatId, MessageId, UserId } from "./ids.ts";
import type { Media } from "./media.ts";
import type { User } from "./user.ts";

export type MessageEntityKind =
  | "mention"
  | "mention-name"
  | "hashtag"
  | "cashtag"
  | "bot-command"
  | "url"
  | "text-url"
  | "email"
  | "phone"
  | "bold"
  | "italic"
  | "underline"
  | "strike"
  | "spoiler"
  | "code"
  | "pre"
  | "blockquote"
  | "custom-emoji"
  | "other";

/** A marked part of a text; `offset` and `length` count UTF-16 code units, as JavaScript's strings do. */
export interface MessageEntity {
  readonly kind: MessageEntityKind;
  readonly offset: number;
  readonly length: number;
  /** The target of a `text-url`. */
  readonly url?: string;
  /** The person of a `mention-name`. */
  readonly userId?: UserId;
  /** The language of a `pre`. */
  readonly language?: string;
}

export interface ReplyInfo {
  readonly messageId: MessageId;
  /** Where the replied message is; differs from the message's own chat for a reply across chats. */
  readonly chatId: ChatId;
  /** The forum topic or comment thread's first message. */
  readonly threadId: MessageId | null;
}

export interface ForwardInfo {
  /** Who wrote it first, when the person allows to be linked. */
  readonly fromId: ChatId | null;
  /** The name that Telegram shows for a person who does not. */
  readonly fromName: string | null;
  readonly originalMessageId: MessageId | null;
  readonly originalAtMs: number;
}

/** Who a message is from: a person, or a chat that speaks as itself (a channel, an anonymous admin). */
export type Sender =
  | ({ readonly type: "user" } & User)
  | {
      readonly type: "chat";
      readonly id: ChatId;
      readonly displayName: string;
      readonly username: string | null;
    };

export type Direction = "incoming" | "outgoing";

/** One message, as plain data with everything that a handler needs. */
export interface Message {
  readonly id: MessageId;
  readonly chat: Chat;
  readonly sender: Sender;
  /** `outgoing` when the account itself wrote it, from this or another device. */
  readonly direction: Direction;
  /** The text, or the media's caption; the empty string when there is none. */
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly media: Media | null;
  readonly replyTo: ReplyInfo | null;
  readonly forward: ForwardInfo | null;
  /** Messages of one album share it. */
  readonly albumId: string | null;
  /** Whether the account is mentioned or replied to. */
  readonly isMentioned: boolean;
  readonly isSilent: boolean;
  readonly isPost: boolean;
  readonly viaBotId: UserId | null;
  readonly reactions: readonly ReactionCount[];
  readonly sentAtMs: number;
  readonly editedAtMs: number | null;
  /** Set for service messages (a join, a new title): Telegram's name of the action, such as `messageActionPinMessage`. */
  readonly serviceAction: string | null;
}

export interface ReactionCount {
  /** An emoji, or `custom:<id>` for a custom one. */
  readonly reaction: string;
  readonly count: number;
  readonly isChosen: boolean;
}
