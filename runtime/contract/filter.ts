import type { ChatKind, ChatOf } from "./chat.ts";
import type { EventMap, EventName, MessageEventName, TextMatch } from "./events.ts";
import type { AccountName, ChatId, UserId } from "./ids.ts";
import type { MediaKind, MediaOf } from "./media.ts";
import type { Direction, Sender } from "./message.ts";

type OneOrMore<T> = T | readonly T[];

/** A pattern as plain data, since filters cross process lines. */
export interface TextPattern {
  /** JavaScript regular expression source. */
  readonly source: string;
  /** Any of `i`, `m`, `s`, `u`, `v`. @default "" */
  readonly flags?: string;
}

/** Who may be the sender: someone in the contact list, someone not in it, a bot, a chat that speaks as itself. */
export type SenderClass = "contact" | "stranger" | "bot" | "chat";

/** Conditions that any event can be asked for; all that are given must hold. */
export interface EventFilter {
  readonly account?: OneOrMore<AccountName>;
  /** For events that name a chat. */
  readonly chat?: OneOrMore<ChatKind>;
  readonly chatId?: OneOrMore<ChatId>;
}

/** Conditions on events that carry a message; all that are given must hold. */
export interface MessageFilter extends EventFilter {
  readonly direction?: Direction;
  /** A `RegExp` is turned into its source and flags; a plain string is searched for without regard to case. */
  readonly text?: RegExp | TextPattern | string;
  /** A kind or several, or `"any"` for whatever carries media. */
  readonly media?: OneOrMore<MediaKind> | "any";
  readonly from?: OneOrMore<SenderClass>;
  readonly senderId?: OneOrMore<UserId>;
  readonly mentioned?: boolean;
  /** Service messages (joins, pins, new titles) are left out unless this is true. @default false */
  readonly service?: boolean;
}

/** The filter that fits an event. */
export type FilterOf<Name extends EventName> = Name extends MessageEventName ? MessageFilter : EventFilter;

type Item<T> = T extends readonly (infer U)[] ? U : T;

type NarrowChat<F> = F extends { readonly chat: infer K }
  ? { readonly chat: ChatOf<Extract<Item<K>, ChatKind>> }
  : unknown;
type Person = Extract<Sender, { readonly type: "user" }>;
interface SenderOf {
  readonly contact: Person & { readonly isContact: true };
  readonly stranger: Person & { readonly isContact: false; readonly isBot: false };
  readonly bot: Person & { readonly isBot: true };
  readonly chat: Extract<Sender, { readonly type: "chat" }>;
}
type NarrowFrom<F> = F extends { readonly from: infer C }
  ? { readonly sender: SenderOf[Extract<Item<C>, SenderClass>] }
  : unknown;
type NarrowSenderId<F> = F extends { readonly senderId: OneOrMore<UserId> }
  ? { readonly sender: Person }
  : unknown;
type NarrowMentioned<F> = F extends { readonly mentioned: infer M } ? { readonly isMentioned: M } : unknown;
type NarrowDirection<F> = F extends { readonly direction: infer D } ? { readonly direction: D } : unknown;
type NarrowMedia<F> = F extends { readonly media: infer K }
  ? "any" extends Item<K>
    ? { readonly media: MediaOf<MediaKind> }
    : { readonly media: MediaOf<Extract<Item<K>, MediaKind>> }
  : unknown;
type NarrowText<F> = F extends { readonly text: RegExp | TextPattern | string }
  ? { readonly match: TextMatch }
  : unknown;

type NarrowMessage<F> = NarrowDirection<F> &
  NarrowFrom<F> &
  NarrowSenderId<F> &
  NarrowMentioned<F> &
  NarrowMedia<F> &
  NarrowText<F>;

/** The event as a handler behind the filter sees it. */
export type Filtered<Name extends EventName, F> = EventMap[Name] &
  NarrowChat<F> &
  (Name extends MessageEventName ? NarrowMessage<F> : unknown);
