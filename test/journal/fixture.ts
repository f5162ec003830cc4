import { createEventBus, type EventBus, type Ticket } from "../../runtime/bus/index.ts";
import {
  type AccountName,
  type MessageReceived,
  parsePluginName,
  type TelegraphistEvent,
} from "../../runtime/contract/index.ts";
import { createJournal, type Journal, type JournalOptions } from "../../runtime/journal/index.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import type { Storage, UpdateStateChange } from "../../runtime/storage/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { account, received } from "../support/sample-events.ts";

export const reader = parsePluginName("reader");
export const logger = createLogger({ format: "json", write: () => {} });

/** A life of the program over a database that outlives it. */
export interface Life {
  readonly bus: EventBus;
  readonly journal: Journal<UpdateStateChange | null>;
  /** What `subscribe` has seen: event ids with how often they were given before. */
  readonly seen: readonly (readonly [string, number | null])[];
  /** Subscribes as the plugin. */
  subscribe(handle?: (event: MessageReceived) => unknown): void;
  receive(events: readonly TelegraphistEvent[], name?: AccountName): Promise<void>;
}

export function liveOn(
  storage: Storage,
  options: Partial<JournalOptions<UpdateStateChange | null>> = {},
): Life {
  const bus = createEventBus({ logger });
  const journal = createJournal({ store: storage.journal, bus, logger, clock: systemClock, ...options });
  const seen: (readonly [string, number | null])[] = [];
  return {
    bus,
    journal,
    seen,
    subscribe(handle = () => undefined) {
      const note = (event: MessageReceived, ticket: Ticket | null): unknown => {
        seen.push([event.id, ticket?.formerAttempts ?? null]);
        return handle(event);
      };
      bus.subscribe("message.received", undefined, note, { owner: reader });
    },
    receive: (events, name = account.name) => journal.commit({ account: name, events, state: null }),
  };
}

/** So many messages of one chat. */
export function messages(count: number, changes: Partial<MessageReceived> = {}): readonly MessageReceived[] {
  return Array.from({ length: count }, () => received(changes));
}

export const idsOf = (events: readonly { readonly id: string }[]): readonly string[] =>
  events.map(({ id }) => id);
