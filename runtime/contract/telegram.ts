import type { Chat } from "./chat.ts";
import type { AccountRef } from "./events.ts";
import type { ChatId, MessageId, UserId } from "./ids.ts";
import type { FileMediaKind } from "./media.ts";
import type { Message, MessageEntity } from "./message.ts";
import type { JsonValue } from "./store.ts";
import type { User, UserStatus } from "./user.ts";

/**
 * A person or chat by whatever one has: a marked id, `@username`, `https://t.me/username`, or `me` for the account
 * itself. Ids work for peers that the account has met.
 */
export type PeerLike = ChatId | UserId | `@${string}` | `https://t.me/${string}` | "me";

/** Names one message. Message events and `Message` values can be given for it by `refOf`. */
export interface MessageRef {
  readonly chatId: ChatId;
  readonly messageId: MessageId;
}

/**
 * Who is served first where calls have to wait for their turn: a person who waits for an answer, before anything else,
 * before work that nobody waits for. What has waited long is not overtaken for ever.
 */
export type CallPriority = "interactive" | "normal" | "background";

/** Bounds on one call; every call has both, and a priority. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Time for the whole call, flood waits included. @default 60_000; 1 to 3_600_000 */
  readonly timeoutMs?: number;
  /**
   * @default by where the call comes from: `interactive` in the handler of a message event, `background` in that of a
   * schedule and for downloads and paging through lists, else `normal`
   */
  readonly priority?: CallPriority;
}

export interface TextContent {
  /** 1 to 4096 UTF-16 code units. */
  readonly text: string;
  /** How marks in `text` are read. @default "plain" */
  readonly format?: "plain" | "markdown" | "html";
  /** Marks given outright; not together with another `format` than `plain`. */
  readonly entities?: readonly MessageEntity[];
  /** @default true */
  readonly linkPreview?: boolean;
}

/** Telegraphist may call a handler again with the same event; what it sends is sent once all the same. */
export interface OnceOptions {
  /**
   * Names the call among those of this plugin and account; a second call under the same name sends nothing and returns
   * what the first one sent. Names are remembered for 30 days. 1 to 200 characters.
   *
   * @default in a handler, the event and the ordinal of the call in that handler; elsewhere none, and each call
   * sends
   */
  readonly onceKey?: string;
}

export interface SendOptions extends CallOptions, OnceOptions {
  readonly replyTo?: MessageId;
  readonly silent?: boolean;
  /** Telegram sends it then; milliseconds since 1970. */
  readonly scheduleAtMs?: number;
}

export type UploadKind = "photo" | "document" | "voice" | "audio" | "video";

export interface FileContent {
  /** Path of a file that the plugin may read. */
  readonly path: string;
  readonly kind: UploadKind;
  /** @default the path's last part */
  readonly fileName?: string;
  /** @default guessed from the file name */
  readonly mimeType?: string;
  readonly durationMs?: number;
  readonly width?: number;
  readonly height?: number;
  /** 0 to 1024 UTF-16 code units. */
  readonly caption?: string;
}

export interface TransferProgress {
  readonly transferredBytes: number;
  readonly totalBytes: number;
}

export interface TransferOptions extends CallOptions {
  /** Time for the whole transfer, flood waits included. @default 3_600_000; 1 to 3_600_000 */
  readonly timeoutMs?: number;
  /** Called at most every 100 ms, and once at the end. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

export interface DownloadResult {
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface HistoryOptions extends CallOptions {
  /** @default 100; 1 to 100 */
  readonly limit?: number;
  /** Only messages before this one. */
  readonly beforeId?: MessageId;
  /** Only messages after this one. */
  readonly afterId?: MessageId;
}

export interface SearchOptions extends HistoryOptions {
  /** @default every chat */
  readonly chat?: PeerLike;
  readonly media?: FileMediaKind;
}

export interface MessagePage {
  /** Newest first. */
  readonly messages: readonly Message[];
  /** Give it as `beforeId` for the next page; `null` at the end. */
  readonly nextBeforeId: MessageId | null;
  readonly totalCount: number | null;
}

export interface Dialog {
  readonly chat: Chat;
  readonly unreadCount: number;
  readonly lastMessageAtMs: number | null;
  readonly isPinned: boolean;
}

export interface Participant {
  readonly user: User;
  readonly role: "creator" | "admin" | "member" | "restricted" | "banned" | "left";
  readonly joinedAtMs: number | null;
}

/** Why a person was not added although the call succeeded (Telegram's `missing_invitees`), or was refused outright. */
export interface InviteResult {
  readonly userId: UserId;
  /**
   * `added`; `already` in the chat; `privacy`: the person's settings refuse it, an invite link may be sent;
   * `refused`: final for this person, `reason` is Telegram's error name.
   */
  readonly outcome: "added" | "already" | "privacy" | "refused";
  readonly reason: string | null;
}

export interface InviteLink {
  readonly url: string;
  readonly title: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly usageLimit: number | null;
  readonly usageCount: number;
  readonly requestCount: number;
  readonly needsApproval: boolean;
  readonly isRevoked: boolean;
}

export interface InviteLinkOptions extends CallOptions {
  readonly title?: string;
  readonly expiresAtMs?: number;
  /** 1 to 99,999 */
  readonly usageLimit?: number;
  readonly needsApproval?: boolean;
}

export interface JoinRequest {
  readonly user: User;
  readonly requestedAtMs: number;
  readonly about: string | null;
}

export interface Contact {
  readonly user: User;
  readonly status: UserStatus | null;
}

/** What a peer resolved to. */
export interface ResolvedPeer {
  readonly chat: Chat;
  /** The person, when it is one. */
  readonly user: User | null;
}

export type TypingAction = "typing" | "recording-voice" | "uploading-document" | "uploading-photo" | "cancel";

/**
 * One account's Telegram, as a plugin sees it. Every call is checked against the plugin's grants, traced, and bounded.
 *
 * Each method throws `TelegraphistError`: `PERMISSION_DENIED` when the YAML entry does not grant it, `CALL_TIMEOUT` or
 * `CALL_CANCELLED` (category `CANCELLED`), `FLOOD_WAIT` when the wait would not fit the call's time (`data.waitMs`),
 * `RPC_BUDGET_SPENT` the same for the pace that the program keeps by itself, `PLUGIN_RATE_LIMITED` for the calls that one
 * plugin may make, `RPC_QUEUE_FULL` when too many calls wait, `ACCOUNT_OFFLINE` when there is no connection in that time,
 * or Telegram's own error name (`CHAT_WRITE_FORBIDDEN`).
 *
 * A handler may be called again with the same event. `send`, `reply`, `forward`, and `upload` then send nothing anew
 * (`onceKey`). `edit`, `delete`, `react`, `read`, `typing`, `invite`, and `answerJoinRequest` come to the same when they
 * are repeated: what is so already is success. Not so `revokeInviteLink`, which Telegram may refuse for a link that is
 * revoked, `createInviteLink`, which makes another link, and `invoke`, where the caller gives the `randomId`.
 */
export interface Telegram {
  readonly account: AccountRef;
  /** Sends a text. Implementations MUST return the message as Telegram stored it. */
  send(chat: PeerLike, content: string | TextContent, options?: SendOptions): Promise<Message>;
  /** Sends into the message's chat as an answer to it. */
  reply(to: MessageRef, content: string | TextContent, options?: SendOptions): Promise<Message>;
  /** Returns the message as it is then, also where it was so before (`MESSAGE_NOT_MODIFIED` is no error). */
  edit(message: MessageRef, content: string | TextContent, options?: CallOptions): Promise<Message>;
  /** @param options.forEveryone default true. Returns how many were deleted. */
  delete(
    chat: PeerLike,
    messageIds: readonly MessageId[],
    options?: CallOptions & { readonly forEveryone?: boolean },
  ): Promise<number>;
  forward(
    from: PeerLike,
    messageIds: readonly MessageId[],
    to: PeerLike,
    options?: CallOptions & OnceOptions & { readonly silent?: boolean; readonly dropAuthor?: boolean },
  ): Promise<readonly Message[]>;
  /** Sets the account's reaction; `null` takes it back. */
  react(message: MessageRef, emoji: string | null, options?: CallOptions): Promise<void>;
  /** Marks messages as read, up to one or all. */
  read(chat: PeerLike, options?: CallOptions & { readonly upToMessageId?: MessageId }): Promise<void>;
  typing(chat: PeerLike, action?: TypingAction, options?: CallOptions): Promise<void>;
  history(chat: PeerLike, options?: HistoryOptions): Promise<MessagePage>;
  /** Messages by number; `null` for one that is gone. */
  messages(
    chat: PeerLike,
    messageIds: readonly MessageId[],
    options?: CallOptions,
  ): Promise<readonly (Message | null)[]>;
  /** The chats of the account, as its list has them: pinned and newest first. @param options.limit 1 to 10,000, default 100 */
  dialogs(options?: CallOptions & { readonly limit?: number }): Promise<readonly Dialog[]>;
  search(query: string, options?: SearchOptions): Promise<MessagePage>;
  /** @throws {TelegraphistError} `PEER_NOT_FOUND` when there is no such name, or the account has not met the id */
  resolve(peer: PeerLike, options?: CallOptions): Promise<ResolvedPeer>;
  me(options?: CallOptions): Promise<User>;
  participants(
    chat: PeerLike,
    options?: CallOptions & { readonly limit?: number; readonly offset?: number; readonly query?: string },
  ): Promise<readonly Participant[]>;
  /**
   * Adds people to a group or channel, and says for each what became of it: `already` for a member.
   *
   * @param users 1 to 20
   */
  invite(chat: PeerLike, users: readonly PeerLike[], options?: CallOptions): Promise<readonly InviteResult[]>;
  createInviteLink(chat: PeerLike, options?: InviteLinkOptions): Promise<InviteLink>;
  inviteLinks(
    chat: PeerLike,
    options?: CallOptions & { readonly revoked?: boolean },
  ): Promise<readonly InviteLink[]>;
  revokeInviteLink(chat: PeerLike, url: string, options?: CallOptions): Promise<InviteLink>;
  joinRequests(
    chat: PeerLike,
    options?: CallOptions & { readonly limit?: number },
  ): Promise<readonly JoinRequest[]>;
  /** Lets someone in, or not; succeeds also when there is no request of theirs, as it was answered or taken back. */
  answerJoinRequest(chat: PeerLike, user: PeerLike, approve: boolean, options?: CallOptions): Promise<void>;
  contacts(options?: CallOptions): Promise<readonly Contact[]>;
  /**
   * Writes a message's file to a path. Implementations MUST write to a temporary name beside it, verify the size, and
   * only then give it its name; a path that exists is replaced. The folder must exist.
   *
   * @throws {TelegraphistError} `MEDIA_NONE` when the message has no file, `MEDIA_SIZE_MISMATCH` when bytes are missing
   */
  download(message: MessageRef, path: string, options?: TransferOptions): Promise<DownloadResult>;
  /** Uploads a file and sends it. */
  upload(chat: PeerLike, file: FileContent, options?: SendOptions & TransferOptions): Promise<Message>;
  /**
   * Calls a method of the TL schema by its name, `messages.getStickers`. Parameters and result are plain JSON: an object
   * has its constructor's name in `_`, longs are decimal strings, bytes are `{ "$bytes": base64 }`.
   */
  invoke(
    method: string,
    parameters: Readonly<Record<string, JsonValue>>,
    options?: CallOptions,
  ): Promise<JsonValue>;
}

export type TelegramMethod = Exclude<keyof Telegram, "account">;

/** The reference of a message, from the message itself or from an event about it. */
export function refOf(
  message:
    | { readonly chat: { readonly id: ChatId }; readonly messageId: MessageId }
    | { readonly chat: { readonly id: ChatId }; readonly id: MessageId },
): MessageRef {
  return { chatId: message.chat.id, messageId: "messageId" in message ? message.messageId : message.id };
}
