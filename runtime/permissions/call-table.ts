import type { EventName, TelegramMethod, TelegramScope } from "../contract/index.ts";

/** What a call needs beside the chats that it names. */
export interface CallNeeds {
  /** `null` for what any plugin may call. */
  readonly scope: TelegramScope | null;
  /** Whether the chats of its parameters must be granted; a look-up names a peer and touches no chat. */
  readonly touchesChats: boolean;
}

const acts = (scope: TelegramScope): CallNeeds => ({ scope, touchesChats: true });
const looksUp = (scope: TelegramScope | null): CallNeeds => ({ scope, touchesChats: false });

/** Every call of the `Telegram` port but `invoke`, which needs `raw:<method>`. */
export const callTable: Readonly<Record<Exclude<TelegramMethod, "invoke">, CallNeeds>> = {
  send: acts("messages:send"),
  reply: acts("messages:send"),
  edit: acts("messages:edit"),
  delete: acts("messages:delete"),
  /** Where it forwards from needs `messages:read` besides. */
  forward: acts("messages:send"),
  react: acts("messages:react"),
  read: acts("chats:mark-read"),
  typing: acts("messages:send"),
  history: acts("messages:read"),
  messages: acts("messages:read"),
  /** What it returns is cut down to the granted chats, as with `search`. */
  dialogs: looksUp("chats:read"),
  search: acts("messages:read"),
  resolve: looksUp("chats:read"),
  me: looksUp(null),
  participants: acts("members:read"),
  invite: acts("members:invite"),
  createInviteLink: acts("invites:manage"),
  inviteLinks: acts("invites:manage"),
  revokeInviteLink: acts("invites:manage"),
  joinRequests: acts("invites:manage"),
  answerJoinRequest: acts("invites:manage"),
  contacts: looksUp("contacts:read"),
  /** Its path must be granted under `write` besides. */
  download: acts("media:download"),
  /** Its path must be granted under `read` besides. */
  upload: acts("media:upload"),
};

/** The scopes of which one lets a plugin see an event; an empty list for the runtime's own events, open to all. */
export const eventTable: Readonly<Record<EventName, readonly TelegramScope[]>> = {
  "message.received": ["messages:read"],
  "message.sent": ["messages:read"],
  "message.edited": ["messages:read"],
  "message.deleted": ["messages:read"],
  "message.read": ["messages:read"],
  "reaction.changed": ["messages:read"],
  "member.joined": ["members:read", "messages:read"],
  "member.left": ["members:read", "messages:read"],
  "join.requested": ["invites:manage", "members:read"],
  "user.typing": ["chats:read", "messages:read"],
  "user.status": ["chats:read", "contacts:read", "messages:read"],
  "chat.updated": ["chats:read", "messages:read"],
  "account.stateChanged": [],
  "account.connected": [],
  "account.disconnected": [],
  "account.loggedOut": [],
  "account.restricted": [],
  "flood.waiting": [],
  "plugin.started": [],
  "plugin.failed": [],
  "schedule.due": [],
};
