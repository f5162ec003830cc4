import type {
  ChatId,
  ChatKind,
  EventMap,
  EventName,
  MemberJoined,
  MemberLeft,
  MessageEdited,
  MessageId,
  MessageReceived,
  MessageSent,
  PermissionName,
  PermissionSet,
  ReactionChanged,
  Telegram,
  UserId,
  UserTyping,
} from "../contract/index.ts";

/** A plugin as the YAML file would name it. */
export interface TestPlugin {
  /** A bundled plugin's name, an absolute path, or a `file:` URL. @default the key */
  readonly use?: string;
  /** @default nothing, or all that it asks for where it is the one plugin of `startTestbed(use)` */
  readonly allow?: PermissionSet;
  readonly deny?: PermissionSet;
  readonly config?: unknown;
  /** In a process that the kernel holds, as it will run, or in the test's own, for a debugger. @default "process" */
  readonly isolation?: "process" | "inline";
}

export interface SharedOptions {
  /** Runs before the plugins start: people and chats that they should find. Nobody can act yet. */
  readonly prepare?: (stage: Stage) => void | Promise<void>;
  /** Gets every log line. @default nobody */
  readonly writeLog?: (line: string) => void;
  /** Folder of the database and of what plugins write. @default a new one, removed at the end */
  readonly folder?: string;
  /**
   * What plugins take for the time stands still from then on, until `clock.advance` moves it: a text that `Date` reads,
   * or milliseconds since 1970. @default the machine's time
   */
  readonly startsAt?: string | number;
}

/** How the one plugin of a testbed is run; its entry has the plugin's own name. */
export interface PluginOptions extends SharedOptions, Omit<TestPlugin, "use"> {}

/** What a message in a test is known by; what an act returns and what `sent` returns are such. */
export interface MessageLike {
  readonly chat: { readonly id: ChatId };
  readonly messageId: MessageId;
}

export type TestMessage = MessageReceived | MessageSent;

/** A file that someone sends. */
export interface TestFile {
  readonly kind: "photo" | "voice" | "document" | "video" | "audio";
  readonly bytes: Uint8Array;
  readonly fileName?: string;
  /** @default by kind */
  readonly mimeType?: string;
}

/** Where one can write: a person, or a chat. */
export interface Place {
  readonly id: ChatId | UserId;
}

export interface WriteOptions {
  /** @default the account's owner */
  readonly to?: Place;
  readonly replyTo?: MessageLike;
}

/**
 * Someone in the test's Telegram, who acts as from a client of their own. What an act returns is the event that the
 * account got of it, on disk when the promise resolves; that plugins are done with it, `quiet` tells. An act rejects where
 * Telegram refuses it, and where the account does not hear of it in 5 s.
 */
export interface Person {
  readonly id: UserId;
  readonly name: string;
  readonly username: string | null;
  writes(text: string, options?: WriteOptions): Promise<TestMessage>;
  /** @param options.caption @default none */
  sends(file: TestFile, options?: WriteOptions & { readonly caption?: string }): Promise<TestMessage>;
  edits(message: MessageLike, text: string): Promise<MessageEdited>;
  /** For everyone. */
  deletes(message: MessageLike): Promise<void>;
  /** @param emoji `null` takes the reaction back */
  reacts(message: MessageLike, emoji: string | null): Promise<ReactionChanged>;
  joins(chat: TestChat): Promise<MemberJoined>;
  leaves(chat: TestChat): Promise<MemberLeft>;
  /** Shows that they type. @param options.to @default the account's owner */
  types(options?: { readonly to?: Place }): Promise<UserTyping>;
}

/** A chat in the test's Telegram; the account is in it unless it was left out of its members. */
export interface TestChat {
  readonly id: ChatId;
  readonly kind: Exclude<ChatKind, "private">;
  readonly title: string;
  readonly username: string | null;
  /** Who is in it now. */
  members(): readonly UserId[];
}

export interface PersonOptions {
  /** Without the `@`. */
  readonly username?: string;
  /** Whether the account's owner has them among their contacts. @default false */
  readonly isContact?: boolean;
  /** @default false */
  readonly isBot?: boolean;
  /** Who may add them to chats. @default "everyone" */
  readonly invites?: "everyone" | "contacts" | "nobody";
}

export interface ChatOptions {
  /** @default the account's owner */
  readonly creator?: Person;
  /** Beside the creator. @default the account's owner */
  readonly members?: readonly Person[];
  /** Without the `@`; supergroups and channels only. */
  readonly username?: string;
}

/** The people and chats of a test. */
export interface Stage {
  /** Whom the account belongs to. */
  readonly owner: Person;
  /** @param name first name, and after a space the last name */
  person(name: string, options?: PersonOptions): Person;
  group(title: string, options?: Omit<ChatOptions, "username">): TestChat;
  supergroup(title: string, options?: ChatOptions): TestChat;
  channel(title: string, options?: ChatOptions): TestChat;
}

/** What plugins take for the time. */
export interface TestClock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Moves time on. What falls due on the way, schedules and sleeps alike, happens at its time and one after another, each
   * handler done or asleep before the next. At once in real time.
   *
   * @throws {Error} when the testbed was started without `startsAt`
   */
  advance(durationMs: number): Promise<void>;
}

/** What a plugin was refused, as its entry does not grant it. */
export interface Refusal {
  readonly plugin: string;
  /** As `telegram.send`, or `http.request GET`. */
  readonly call: string;
  readonly permission: PermissionName | null;
  /** The chat, host, or path that it was about, as far as it is known. */
  readonly target: string | null;
}

export interface WaitOptions {
  /** @default 5_000 */
  readonly timeoutMs?: number;
}

/** The real program against a Telegram of its own, with an owner who is logged in. */
export interface Testbed extends Stage, AsyncDisposable {
  /** The owner's Telegram, with every right. */
  readonly telegram: Telegram;
  readonly folder: string;
  readonly clock: TestClock;
  /**
   * The next message that plugins have sent and that fits, in their order; each is returned once.
   *
   * @param wanted.to the chat or the person that it went to
   * @param wanted.text the whole text, or a pattern
   * @throws {Error} when there is none in that time; it lists what was sent instead
   */
  sent(
    wanted?: { readonly to?: Place; readonly text?: string | RegExp },
    options?: WaitOptions,
  ): Promise<MessageSent>;
  /** What plugins have sent and `sent` has not returned. */
  outbox(): readonly MessageSent[];
  /**
   * The next refusal that fits, in their order; each is returned once.
   *
   * @throws {Error} when there is none in that time; it lists the others
   */
  refused(wanted?: Partial<Refusal>, options?: WaitOptions): Promise<Refusal>;
  /** What plugins were refused and `refused` has not returned. */
  refusals(): readonly Refusal[];
  /**
   * Resolves when plugins are done with all that has happened; a handler that waits to try again is not done.
   *
   * @throws {Error} when they are not in that time
   */
  quiet(options?: WaitOptions): Promise<void>;
  /**
   * The next event of that name that the predicate takes; ask before doing what makes it.
   *
   * @param options.timeoutMs @default 10_000
   * @throws {Error} when there is none in that time
   */
  next<Name extends EventName>(
    name: Name,
    predicate?: (event: EventMap[Name]) => boolean,
    options?: WaitOptions,
  ): Promise<EventMap[Name]>;
}

/** Several plugins, each with nothing but what its `allow` grants. */
export interface PluginsOptions extends SharedOptions {
  /** By the name of their entry. @default none */
  readonly plugins?: Readonly<Record<string, TestPlugin>>;
}

/**
 * Starts a Telegram, logs the account's owner in, and runs one plugin, with all that it asks for unless `allow` says less;
 * or several.
 *
 * @param use where the plugin is: its folder (`import.meta.dir` in a test beside it), its file, or a bundled one's name
 * @throws {Error} when a plugin did not start, with its reason
 */
export declare function startTestbed(use: string, options?: PluginOptions): Promise<Testbed>;
export declare function startTestbed(options?: PluginsOptions): Promise<Testbed>;
