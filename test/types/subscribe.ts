/** Checked by `tsc` alone: a filter narrows the type of the event that its handler sees. */
import type {
  AccountName,
  ChatId,
  EventFilter,
  MessageFilter,
  Subscribe,
  TextMatch,
} from "../../runtime/contract/index.ts";

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
  on("message.edited", { direction: "outgoing" }, (event) => {
    expectSame<typeof event.direction, "outgoing">(true);
  });
}

export function refused(): void {
  // @ts-expect-error no such event
  on("message.recieved", () => undefined);
  // @ts-expect-error no such chat kind
  on("message.received", { chat: "room" }, () => undefined);
  // @ts-expect-error an event without a message has no text
  on("user.typing", { text: "hi" }, () => undefined);
  // @ts-expect-error ids come from parsers only
  on("message.received", { chatId: "42" }, () => undefined);
}

export function filtersFit(account: AccountName, chatId: ChatId): readonly [EventFilter, MessageFilter] {
  return [
    { account, chatId: [chatId] },
    { from: ["contact", "bot"], mentioned: true },
  ];
}
