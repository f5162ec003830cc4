export type {
  ChannelChat,
  Chat,
  ChatKind,
  ChatOf,
  GroupChat,
  PrivateChat,
  SupergroupChat,
} from "./chat.ts";
export type { Clock } from "./clock.ts";
export type { ErrorCategory, ErrorData, ErrorRecord, TelegraphistErrorOptions } from "./error.ts";
export { hasCategory, hasCode, TelegraphistError, toTelegraphistError, waitMsOf } from "./error.ts";
export type {
  AccountConnected,
  AccountDisconnected,
  AccountLoggedOut,
  AccountRef,
  AccountRestricted,
  AccountStateChanged,
  AccountStateName,
  ChatUpdated,
  EventBase,
  EventMap,
  EventName,
  FloodWaiting,
  JoinRequested,
  MemberJoined,
  MemberLeft,
  MessageDeleted,
  MessageEdited,
  MessageEventName,
  MessageRead,
  MessageReceived,
  MessageSent,
  PluginFailed,
  PluginStarted,
  ReactionChanged,
  ScheduleDue,
  TelegraphistEvent,
  TextMatch,
  UserStatusChanged,
  UserTyping,
} from "./events.ts";
export type { EventFilter, Filtered, FilterOf, MessageFilter, SenderClass, TextPattern } from "./filter.ts";
export type { Disposer, Handler, HandlerContext, Subscribe } from "./handler.ts";
export type { Http, HttpRequest, HttpResponse } from "./http.ts";
export type {
  AccountName,
  Branded,
  ChatId,
  EventId,
  MessageId,
  PeerKey,
  PluginName,
  UserId,
} from "./ids.ts";
export {
  chatIdOf,
  parseAccountName,
  parseChatId,
  parseEventId,
  parseMessageId,
  parsePluginName,
  parseUserId,
  peerKeyOf,
  privateChatIdOf,
} from "./ids.ts";
export type { LocalTime, Weekday } from "./local-time.ts";
export { isTimeZone, localTimeOf, weekdays } from "./local-time.ts";
export type { Log, LogFields } from "./log.ts";
export type {
  Animation,
  Audio,
  DocumentFile,
  FileMedia,
  FileMediaKind,
  GeoLocation,
  Media,
  MediaKind,
  MediaOf,
  OtherMedia,
  Photo,
  Poll,
  SharedContact,
  Sticker,
  Video,
  VideoNote,
  Voice,
  WebPage,
} from "./media.ts";
export { fileMediaKinds, isFileMedia } from "./media.ts";
export type {
  Direction,
  ForwardInfo,
  Message,
  MessageEntity,
  MessageEntityKind,
  ReactionCount,
  ReplyInfo,
  Sender,
} from "./message.ts";
export type { PermissionName, PermissionSet, TelegramScope } from "./permission.ts";
export { permissionNames, telegramScopes } from "./permission.ts";
export type { Plugin, PluginContext, PluginDefinition } from "./plugin.ts";
export { definePlugin } from "./plugin.ts";
export type { AfterOptions, CronOptions, Schedule, ScheduleHandler } from "./schedule.ts";
export type { JsonValue, Schema, Store, StoreEntry, StoreSetOptions, StoreView } from "./store.ts";
export type {
  CallOptions,
  CallPriority,
  Contact,
  Dialog,
  DownloadResult,
  FileContent,
  HistoryOptions,
  InviteLink,
  InviteLinkOptions,
  InviteResult,
  JoinRequest,
  MessagePage,
  MessageRef,
  OnceOptions,
  Participant,
  PeerLike,
  ResolvedPeer,
  SearchOptions,
  SendOptions,
  Telegram,
  TelegramMethod,
  TextContent,
  TransferOptions,
  TransferProgress,
  TypingAction,
  UploadKind,
} from "./telegram.ts";
export { refOf } from "./telegram.ts";
export type { Template } from "./template.ts";
export { faultOfTemplate, parseTemplate } from "./template.ts";
export type { TextMatcher } from "./text-matcher.ts";
export { createTextMatcher } from "./text-matcher.ts";
export type { User, UserStatus } from "./user.ts";
export { version } from "./version.ts";
export type { WeeklyHours } from "./weekly-hours.ts";
export { isWithinHours, nextOpening } from "./weekly-hours.ts";
