import type { TelegraphistEvent } from "../contract/index.ts";
import type { EventReport } from "./reports.ts";

/** What may be shown of an event: which and when, not what was said. */
export function eventReportOf(event: TelegraphistEvent): EventReport {
  const chat = "chat" in event ? event.chat : null;
  return {
    id: event.id,
    type: event.type,
    account: event.account.name,
    chatId: chat?.id ?? null,
    atMs: event.atMs,
    receivedAtMs: event.receivedAtMs,
    traceId: event.traceparent?.split("-")[1] ?? null,
  };
}
