import type { EventMap, EventName } from "./events.ts";
import type { Filtered, FilterOf } from "./filter.ts";
import type { Log } from "./log.ts";
import type { Telegram } from "./telegram.ts";

/** Takes back what the call made; a second call does nothing. */
export type Disposer = () => Promise<void>;

/** What a handler is given beside the event, bound to that event's account and trace. */
export interface HandlerContext {
  /** The port of the account that the event belongs to. */
  readonly telegram: Telegram;
  readonly log: Log;
  /** Aborted when the plugin is stopped or the handler's deadline has passed. */
  readonly signal: AbortSignal;
  /** 1 for the first delivery of the event, more when it was delivered before, or may have been in a life that ended. */
  readonly attempt: number;
}

export type Handler<Event> = (event: Event, context: HandlerContext) => void | Promise<void>;

/**
 * Subscribes to an event. All that a filter names must hold, one of several where it lists several, and the handler sees
 * the type that this leaves:
 *
 * | Key | Fits | Narrows |
 * |---|---|---|
 * | `account` | events of these accounts | |
 * | `chat` | events in chats of these kinds | `chat`, with the fields of the kinds |
 * | `chatId` | events in these chats | |
 * | `direction` | what came in, or what the account wrote | `direction` |
 * | `text` | messages whose text or caption has the pattern | adds `match`: text, index, groups |
 * | `media` | messages with media of these kinds; `"any"` for all | `media`, never `null` |
 * | `from` | messages of a `contact`, `stranger`, `bot`, or `chat` | `sender`, a person's with `isContact`, `isBot` |
 * | `senderId` | messages of these people | `sender`, a person's |
 * | `mentioned` | messages that mention or answer the account, or do not | `isMentioned` |
 * | `service` | with `true` service messages too, which are left out otherwise, even without a filter | |
 *
 * Events that carry no message take `account`, `chat`, and `chatId` alone.
 *
 * Handlers of one account and chat run one after another, in the order of the events; chats run side by side. What a
 * handler throws is reported as `plugin.failed` and reaches no other handler. An event of an account is given again to a
 * handler that failed, or was not done with it when the program ended, until it succeeds or has failed too often: it then
 * becomes a dead letter. Later events of the same chat wait meanwhile.
 */
export interface Subscribe {
  <Name extends EventName>(name: Name, handler: Handler<EventMap[Name]>): Disposer;
  <Name extends EventName, const F extends FilterOf<Name>>(
    name: Name,
    filter: F,
    handler: Handler<Filtered<Name, F>>,
  ): Disposer;
}
