import {
  type AccountRef,
  type EventBase,
  type EventId,
  type EventName,
  parseEventId,
} from "../../contract/index.ts";

/** Where and when an update came in; all of its events share it. */
export interface EventOrigin {
  readonly account: AccountRef;
  /** Telegram's time of the container, else the time of arrival. */
  readonly atMs: number;
  readonly receivedAtMs: number;
  readonly traceparent?: string;
}

/**
 * What every event has. The id is `<account>/<type>/<parts…>`: the parts say which event it is among those of its type,
 * so the same update makes the same id however often it is delivered.
 */
export function eventBase<Type extends EventName>(
  origin: EventOrigin,
  type: Type,
  parts: readonly (string | number)[],
  atMs = origin.atMs,
): EventBase<Type> {
  return { type, id: eventId(origin, type, parts), ...origin, atMs };
}

function eventId(origin: EventOrigin, type: EventName, parts: readonly (string | number)[]): EventId {
  return parseEventId([origin.account.name, type, ...parts].join("/"));
}
