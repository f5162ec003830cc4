import type { ChatId } from "./ids.ts";

export type ChatKind = "private" | "group" | "supergroup" | "channel";

interface ChatBase<Kind extends ChatKind> {
  readonly id: ChatId;
  readonly kind: Kind;
  /** The title, or the other person's display name in a private chat; never empty. */
  readonly title: string;
  /** Without the `@`; `null` when the chat has none. */
  readonly username: string | null;
}

export interface PrivateChat extends ChatBase<"private"> {
  /** The account's chat with itself ("Saved Messages"). */
  readonly isSelf: boolean;
  readonly isBot: boolean;
  readonly isContact: boolean;
}

export interface GroupChat extends ChatBase<"group"> {
  readonly memberCount: number | null;
}

export interface SupergroupChat extends ChatBase<"supergroup"> {
  readonly memberCount: number | null;
  readonly isForum: boolean;
}

export interface ChannelChat extends ChatBase<"channel"> {
  readonly memberCount: number | null;
}

/** A place that messages are in, tagged by `kind`. */
export type Chat = PrivateChat | GroupChat | SupergroupChat | ChannelChat;

/** The chat type of a kind. */
export type ChatOf<Kind extends ChatKind> = Extract<Chat, { readonly kind: Kind }>;
