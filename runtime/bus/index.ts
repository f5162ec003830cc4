export {
  type BusHandler,
  createEventBus,
  type EmitOptions,
  type EventBus,
  type EventBusOptions,
  type EventBusStats,
  type SubscribeOptions,
  type SubscriptionStats,
} from "./event-bus.ts";
export { chatIdOfEvent, chatOfEvent } from "./event-chat.ts";
export { matchesFilter } from "./filter.ts";
export { Intake } from "./intake.ts";
export type { Ticket } from "./receipt.ts";
export type { EventSummary } from "./recent-events.ts";
