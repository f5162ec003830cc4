import {
  createTextMatcher,
  type EventFilter,
  type Media,
  type MessageFilter,
  type Sender,
  type SenderClass,
  type TelegraphistEvent,
  type TextMatch,
} from "../contract/index.ts";
import { chatIdOfEvent, chatOfEvent } from "./event-chat.ts";

/** The event as its subscriber sees it, with `match` when the filter has a text pattern; `null` when it does not fit. */
export type CompiledFilter = (event: TelegraphistEvent) => TelegraphistEvent | null;

type MessageCarrier = Extract<TelegraphistEvent, { readonly messageId: unknown; readonly text: string }>;
type EventTest = (event: TelegraphistEvent) => boolean;
type MessageTest = (event: MessageCarrier) => boolean;

/**
 * Makes a filter's test once, so that an event costs no more than a few comparisons.
 *
 * @throws {TelegraphistError} `FILTER_INVALID` when the text pattern cannot be read
 */
export function compileFilter(filter: MessageFilter | undefined): CompiledFilter {
  const tests = filter === undefined ? [] : eventTests(filter);
  const messageTests = messageTestsOf(filter ?? {});
  const matchText = filter?.text === undefined ? null : createTextMatcher(filter.text);
  return (event) => {
    for (const test of tests) if (!test(event)) return null;
    if (!carriesMessage(event)) return event;
    for (const test of messageTests) if (!test(event)) return null;
    if (matchText === null) return event;
    const match = matchText(event.text);
    return match === null ? null : withMatch(event, match);
  };
}

/** The event, with its `match` where the filter has a text pattern, or `null` when the filter does not let it through. */
export function matchesFilter(
  event: TelegraphistEvent,
  filter: MessageFilter | undefined,
): TelegraphistEvent | null {
  return compileFilter(filter)(event);
}

function eventTests({ account, chat, chatId }: EventFilter): readonly EventTest[] {
  const tests: EventTest[] = [];
  if (account !== undefined) {
    const names = setOf<string>(account);
    tests.push((event) => names.has(event.account.name));
  }
  if (chat !== undefined) {
    const kinds = setOf<string>(chat);
    tests.push((event) => kinds.has(chatOfEvent(event)?.kind ?? ""));
  }
  if (chatId !== undefined) {
    const ids = setOf<string>(chatId);
    tests.push((event) => ids.has(chatIdOfEvent(event) ?? ""));
  }
  return tests;
}

function messageTestsOf(filter: MessageFilter): readonly MessageTest[] {
  const { direction, media, from, senderId, mentioned, service = false } = filter;
  const tests: MessageTest[] = [];
  if (!service) tests.push((event) => event.serviceAction === null);
  if (direction !== undefined) tests.push((event) => event.direction === direction);
  if (mentioned !== undefined) tests.push((event) => event.isMentioned === mentioned);
  if (media !== undefined) tests.push(mediaTest(setOf<string>(media)));
  if (from !== undefined) {
    const classes = setOf(from);
    tests.push((event) => classesOf(event.sender).some((name) => classes.has(name)));
  }
  if (senderId !== undefined) {
    const ids = setOf<string>(senderId);
    tests.push((event) => event.sender.type === "user" && ids.has(event.sender.id));
  }
  return tests;
}

function mediaTest(kinds: ReadonlySet<string>): MessageTest {
  const fits = (media: Media): boolean => kinds.has("any") || kinds.has(media.kind);
  return (event) => event.media !== null && fits(event.media);
}

function classesOf(sender: Sender): readonly SenderClass[] {
  if (sender.type === "chat") return ["chat"];
  if (!sender.isBot) return [sender.isContact ? "contact" : "stranger"];
  return sender.isContact ? ["bot", "contact"] : ["bot"];
}

function withMatch(event: MessageCarrier, match: TextMatch): TelegraphistEvent {
  const matched: MessageCarrier & { readonly match: TextMatch } = { ...event, match };
  return matched;
}

function carriesMessage(event: TelegraphistEvent): event is MessageCarrier {
  return (
    event.type === "message.received" || event.type === "message.sent" || event.type === "message.edited"
  );
}

function setOf<T>(oneOrMore: T | readonly T[]): ReadonlySet<T> {
  return new Set(isList(oneOrMore) ? oneOrMore : [oneOrMore]);
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
