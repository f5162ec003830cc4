import type {
  AccountName,
  ChatId,
  ChatKind,
  EventId,
  EventName,
  TelegraphistEvent,
} from "../contract/index.ts";
import { chatIdOfEvent, chatOfEvent } from "./event-chat.ts";

/** What may be shown of an event: no text, no name. */
export interface EventSummary {
  readonly id: EventId;
  readonly type: EventName;
  readonly account: AccountName;
  readonly chatId: ChatId | null;
  readonly chatKind: ChatKind | null;
  readonly atMs: number;
  readonly receivedAtMs: number;
  readonly traceparent: string | null;
}

/** The last events, oldest overwritten; they are summed up when someone asks, as an event should cost nothing here. */
export class RecentEvents {
  readonly #events: TelegraphistEvent[] = [];
  readonly #size: number;
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  add(event: TelegraphistEvent): void {
    this.#events[this.#next] = event;
    this.#next = (this.#next + 1) % this.#size;
  }

  /** Newest first. */
  list(limit: number): readonly EventSummary[] {
    const oldestFirst = [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)];
    return oldestFirst.reverse().slice(0, limit).map(summaryOf);
  }
}

function summaryOf(event: TelegraphistEvent): EventSummary {
  const { id, type, account, atMs, receivedAtMs, traceparent = null } = event;
  const chatKind = chatOfEvent(event)?.kind ?? null;
  return {
    id,
    type,
    account: account.name,
    chatId: chatIdOfEvent(event),
    chatKind,
    atMs,
    receivedAtMs,
    traceparent,
  };
}
