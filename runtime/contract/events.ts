import type { Chat } from "./chat.ts";
import type { ErrorRecord } from "./error.ts";
import type { AccountName, ChatId, EventId, MessageId, PluginName, UserId } from "./ids.ts";
import type { Direction, Message, ReactionCount } from "./message.ts";
import type { User, UserStatus } from "./user.ts";

/** The account that an event belongs to. */
export interface AccountRef {
  readonly name: AccountName;
  /** `null` before the first login told it. */
  readonly userId: UserId | null;
}

/** What every event has; `type` tags the union. */
export interface EventBase<Type extends string> {
  readonly type: Type;
  readonly id: EventId;
  readonly account: AccountRef;
  /** When it happened, by Telegram's clock where Telegram tells it; milliseconds since 1970. */
  readonly atMs: number;
  /** When it reached this program; milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** W3C trace context of the update that made it. */
  readonly traceparent?: string;
}

/** What the text of a message matched; present on an event when the subscription's filter has a `text` pattern. */
export interface TextMatch {
  readonly text: string;
  readonly index: number;
  /** Capture groups in order; `null` for one that took no part. */
  readonly groups: readonly (string | null)[];
  readonly named: Readonly<Record<string, string>>;
}

interface MessageEvent<Type extends string> extends EventBase<Type>, MessageFields {}
/** A message lies flat in its event; its own id is `messageId` there, as `id` is the event's. */
interface MessageFields extends Omit<Message, "id"> {
  readonly messageId: MessageId;
}

export interface MessageReceived extends MessageEvent<"message.received"> {
  readonly direction: "incoming";
}
export interface MessageSent extends MessageEvent<"message.sent"> {
  readonly direction: "outgoing";
  /** Whether a plugin sent it, through this program; `false` for what the owner wrote, on whatever device. */
  readonly isAutomated: boolean;
}
export interface MessageEdited extends MessageEvent<"message.edited"> {
  readonly editedAtMs: number;
}

export interface MessageDeleted extends EventBase<"message.deleted"> {
  /** `null` for private chats and basic groups: Telegram names only the message numbers there. */
  readonly chat: Chat | null;
  readonly messageIds: readonly MessageId[];
}
export interface MessageRead extends EventBase<"message.read"> {
  readonly chat: Chat;
  /** `incoming`: the account read the others' messages; `outgoing`: the others read the account's. */
  readonly direction: Direction;
  readonly upToMessageId: MessageId;
  /** Unread messages left in the chat, where Telegram tells it. */
  readonly unreadCount: number | null;
}
export interface ReactionChanged extends EventBase<"reaction.changed"> {
  readonly chat: Chat;
  readonly messageId: MessageId;
  readonly reactions: readonly ReactionCount[];
  /** The latest reaction's author, where Telegram tells it. */
  readonly user: User | null;
}
export interface MemberJoined extends EventBase<"member.joined"> {
  readonly chat: Chat;
  readonly user: User;
  readonly how: "added" | "link" | "request" | "joined";
  readonly invitedBy: User | null;
}
export interface MemberLeft extends EventBase<"member.left"> {
  readonly chat: Chat;
  readonly user: User;
  readonly how: "left" | "removed";
  readonly removedBy: User | null;
}
export interface JoinRequested extends EventBase<"join.requested"> {
  readonly chat: Chat;
  readonly user: User | null;
  /** Requests that wait for an answer. */
  readonly pendingCount: number;
}
export interface UserTyping extends EventBase<"user.typing"> {
  readonly chat: Chat;
  readonly user: User | null;
  readonly action: "typing" | "recording" | "uploading" | "choosing" | "playing" | "cancelled" | "other";
}
export interface UserStatusChanged extends EventBase<"user.status"> {
  readonly user: User | null;
  readonly userId: UserId;
  readonly status: UserStatus;
}
export interface ChatUpdated extends EventBase<"chat.updated"> {
  readonly chat: Chat;
  readonly change:
    | "title"
    | "photo"
    | "username"
    | "permissions"
    | "pinned"
    | "members"
    | "created"
    | "migrated"
    | "other";
}

/** Where an account stands; what goes on in each is in `docs/accounts.md`. */
export type AccountStateName =
  | "new"
  | "connecting"
  | "catching-up"
  | "online"
  | "waiting"
  | "offline"
  | "logged-out"
  | "frozen"
  | "stopped";

/** Told to who listens at that moment, as events of the program are: an account that comes back tells it every minute. */
export interface AccountStateChanged extends EventBase<"account.stateChanged"> {
  readonly from: AccountStateName;
  /** Since `atMs`. */
  readonly to: AccountStateName;
  /** Code of the error that it changed for; `null` where it needs no reason. */
  readonly reason: string | null;
  /** When it ends by itself, or is looked at again; `null` where no time is known. */
  readonly untilMs: number | null;
}
export interface AccountConnected extends EventBase<"account.connected"> {
  readonly dataCentreId: number;
  readonly reconnected: boolean;
}
export interface AccountDisconnected extends EventBase<"account.disconnected"> {
  readonly reason: string;
  readonly retryInMs: number | null;
}
export interface AccountLoggedOut extends EventBase<"account.loggedOut"> {
  readonly error: ErrorRecord;
}
/** Telegram flagged or froze the account, which rests until then; a person has to look at it. */
export interface AccountRestricted extends EventBase<"account.restricted"> {
  /** `unsolicited`: nothing goes to people who have not written first; `writes`: nothing is changed at all. */
  readonly restriction: "unsolicited" | "writes";
  readonly untilMs: number;
  readonly error: ErrorRecord;
}
export interface FloodWaiting extends EventBase<"flood.waiting"> {
  /** The method that has to wait, such as `messages.sendMessage`. */
  readonly method: string;
  readonly chatId: ChatId | null;
  readonly waitMs: number;
}
export interface PluginStarted extends EventBase<"plugin.started"> {
  readonly plugin: PluginName;
  readonly version: string;
}
export interface PluginFailed extends EventBase<"plugin.failed"> {
  readonly plugin: PluginName;
  /**
   * `setup`: it did not start; `handler`: one event was not handled; `dispose`: it did not clean up; `process`: its own
   * process ended by itself, or was ended for what it did; `reload`: its new code or settings did not start, and it goes on
   * as it was.
   */
  readonly phase: "setup" | "handler" | "schedule" | "dispose" | "process" | "reload";
  readonly error: ErrorRecord;
  /** Of an event that was put aside for good: the number of its dead letter. */
  readonly deadLetterId?: string;
}
export interface ScheduleDue extends EventBase<"schedule.due"> {
  readonly plugin: PluginName;
  readonly schedule: string;
  readonly dueAtMs: number;
}

/** Every event by its name; open for merging, so that plugins can declare what they tell each other. */
export interface EventMap {
  "message.received": MessageReceived;
  "message.sent": MessageSent;
  "message.edited": MessageEdited;
  "message.deleted": MessageDeleted;
  "message.read": MessageRead;
  "reaction.changed": ReactionChanged;
  "member.joined": MemberJoined;
  "member.left": MemberLeft;
  "join.requested": JoinRequested;
  "user.typing": UserTyping;
  "user.status": UserStatusChanged;
  "chat.updated": ChatUpdated;
  "account.stateChanged": AccountStateChanged;
  "account.connected": AccountConnected;
  "account.disconnected": AccountDisconnected;
  "account.loggedOut": AccountLoggedOut;
  "account.restricted": AccountRestricted;
  "flood.waiting": FloodWaiting;
  "plugin.started": PluginStarted;
  "plugin.failed": PluginFailed;
  "schedule.due": ScheduleDue;
}

export type EventName = keyof EventMap;

/** Any event, tagged by `type`. */
export type TelegraphistEvent = EventMap[EventName];

/** The events that carry a whole message. */
export type MessageEventName = "message.received" | "message.sent" | "message.edited";
