/** Checked by `tsc` alone: a filter narrows the type of the event that its handler sees. */
import type {
  AccountName,
  AccountStateName,
  Chat,
  ChatId,
  EventFilter,
  Media,
  MessageFilter,
  Sender,
  Subscribe,
  TextMatch,
  UserId,
} from "../../runtime/contract/index.ts";
import type { AccountState } from "../../runtime/telegram/index.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

declare const on: Subscribe;

/** Compiles only when the two types are the same. */
declare function expectSame<A, B>(proof: Same<A, B>): void;

export function withoutFilter(): void {
  on("message.received", (event) => {
    expectSame<typeof event.type, "message.received">(true);
    expectSame<typeof event.direction, "incoming">(true);
    // @ts-expect-error `match` is there only behind a text filter
    event.match;
    // @ts-expect-error a chat of any kind has no member count
    event.chat.memberCount;
    // @ts-expect-error events are read only
    event.text = "";
  });
}

export function ofTheAccount(account: AccountName): void {
  on("account.stateChanged", { account }, (event) => {
    expectSame<typeof event.from, AccountStateName>(true);
    expectSame<typeof event.to, AccountStateName>(true);
    expectSame<typeof event.untilMs, number | null>(true);
  });
}

/** Every state that an account can be in has its name for plugins, and no other has. */
export function everyStateHasItsName(): void {
  expectSame<AccountState["state"], AccountStateName>(true);
}

export function byChatKind(): void {
  on("message.received", { chat: "supergroup" }, (event) => {
    expectSame<typeof event.chat.kind, "supergroup">(true);
    const isForum: boolean = event.chat.isForum;
    return void isForum;
  });
  on("member.joined", { chat: ["group", "channel"] }, (event) => {
    expectSame<typeof event.chat.kind, "group" | "channel">(true);
    // @ts-expect-error neither kind has it
    event.chat.isForum;
  });
}

export function bySender(id: UserId): void {
  on("message.received", { from: "contact" }, (event) => {
    expectSame<typeof event.sender.type, "user">(true);
    expectSame<typeof event.sender.isContact, true>(true);
    const name: string = event.sender.firstName;
    return void name;
  });
  on("message.received", { from: "stranger" }, (event) => {
    expectSame<typeof event.sender.isContact, false>(true);
    expectSame<typeof event.sender.isBot, false>(true);
  });
  on("message.received", { from: "bot" }, (event) => expectSame<typeof event.sender.isBot, true>(true));
  on("message.received", { from: "chat" }, (event) => {
    expectSame<typeof event.sender.type, "chat">(true);
    // @ts-expect-error a chat that speaks as itself has no first name
    event.sender.firstName;
  });
  on("message.received", { from: ["bot", "chat"] }, (event) => {
    if (event.sender.type === "user") expectSame<typeof event.sender.isBot, true>(true);
  });
  on("message.edited", { senderId: [id] }, (event) => expectSame<typeof event.sender.type, "user">(true));
}

/** Keys that say where to look, and leave the type as it is. */
export function withoutNarrowing(account: AccountName, chatId: ChatId): void {
  on("message.sent", { account, chatId: [chatId], service: true }, (event) => {
    expectSame<typeof event.chat, Chat>(true);
    expectSame<typeof event.sender, Sender>(true);
    expectSame<typeof event.media, Media | null>(true);
  });
}

/** All keys together narrow as each does alone. */
export function byEverything(account: AccountName, chatId: ChatId, senderId: UserId): void {
  const filter = {
    account,
    chatId,
    senderId,
    chat: "group",
    direction: "incoming",
    text: "hi",
    media: ["photo", "voice"],
    from: "contact",
    mentioned: true,
    service: false,
  } as const;
  on("message.edited", filter, (event) => {
    expectSame<typeof event.chat.kind, "group">(true);
    expectSame<typeof event.direction, "incoming">(true);
    expectSame<typeof event.match, TextMatch>(true);
    expectSame<typeof event.media.kind, "photo" | "voice">(true);
    expectSame<typeof event.sender.isContact, true>(true);
    expectSame<typeof event.isMentioned, true>(true);
  });
}

export function byTextMediaAndDirection(): void {
  on("message.received", { text: /hi/ }, (event) => {
    expectSame<typeof event.match, TextMatch>(true);
  });
  on("message.received", { media: "photo" }, (event) => {
    expectSame<typeof event.media.kind, "photo">(true);
    const width: number = event.media.width;
    return void width;
  });
  on("message.received", { media: "any" }, (event) => {
    const kind: string = event.media.kind;
    return void kind;
  });
  on("message.received", { media: ["video", "audio"] }, (event) => {
    expectSame<typeof event.media.kind, "video" | "audio">(true);
    const durationMs: number = event.media.durationMs;
    return void durationMs;
  });
  on("message.received", { text: { source: "hi", flags: "i" } }, (event) => {
    expectSame<typeof event.match, TextMatch>(true);
  });
  on("message.received", { text: "hi" }, (event) => expectSame<typeof event.match, TextMatch>(true));
  on("message.edited", { direction: "outgoing" }, (event) => {
    expectSame<typeof event.direction, "outgoing">(true);
  });
  on("message.edited", { mentioned: false }, (event) => {
    expectSame<typeof event.isMentioned, false>(true);
  });
}

export function refused(): void {
  // @ts-expect-error no such event
  on("message.recieved", () => undefined);
  // @ts-expect-error no such chat kind
  on("message.received", { chat: "room" }, () => undefined);
  // @ts-expect-error an event without a message has no text
  on("user.typing", { text: "hi" }, () => undefined);
  // @ts-expect-error no such kind of media
  on("message.received", { media: "picture" }, () => undefined);
  // @ts-expect-error no such class of sender
  on("message.received", { from: "friend" }, () => undefined);
  // @ts-expect-error an event without a message has no sender
  on("member.joined", { from: "contact" }, () => undefined);
  // @ts-expect-error a change of state has no chat
  on("account.stateChanged", { text: "hi" }, () => undefined);
  // @ts-expect-error ids come from parsers only
  on("message.received", { chatId: "42" }, () => undefined);
}

/** A new key needs a test of what it narrows, and a row in the docs of `Subscribe`. */
export function everyKeyIsTestedAbove(): void {
  type Key = "account" | "chat" | "chatId" | "direction" | "text" | "media" | "from";
  expectSame<keyof MessageFilter, Key | "senderId" | "mentioned" | "service">(true);
}

export function filtersFit(account: AccountName, chatId: ChatId): readonly [EventFilter, MessageFilter] {
  return [
    { account, chatId: [chatId] },
    { from: ["contact", "bot"], mentioned: true },
  ];
}
