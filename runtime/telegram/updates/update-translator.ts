import { currentTraceparent, instruments, type Logger } from "../../../telemetry/index.ts";
import type { ChatId, EventId, TelegraphistEvent } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { tlName } from "../mapping/media.ts";
import { msOfSeconds } from "../mapping/seconds.ts";
import { LruMap } from "../peers/lru-map.ts";
import { mapWithPeers } from "../peers/map-with-peers.ts";
import type { PeerResolver } from "../peers/peer-resolver.ts";
import type { RpcPort } from "../rpc-port.ts";
import type { EventOrigin } from "./event-origin.ts";
import { JoinRequests, joinRequestEvents } from "./join-requests.ts";
import { mapUpdate } from "./map-update.ts";
import { bringPeers } from "./missing-peers.ts";

export interface UpdateTranslatorOptions {
  readonly rpc: RpcPort;
  readonly peers: PeerResolver;
  readonly logger: Logger;
}

/** What became of the updates so far. */
export interface TranslationStats {
  readonly updates: number;
  readonly events: number;
  /** Events that had been made before from the same happening, and were not made again. */
  readonly duplicates: number;
  /** Updates that made no event, by the TL name of their constructor. */
  readonly unmapped: Readonly<Record<string, number>>;
}

/** Updates that came in together. */
export interface ArrivedUpdates {
  readonly updates: readonly Api.TypeUpdate[];
  /** Telegram's time of them in seconds; `null` where it tells none. */
  readonly date: number | null;
  readonly receivedAtMs: number;
}

/** Makes events of whatever Telegram sends. */
export interface UpdateTranslator {
  /**
   * The events of updates, in order; each event is returned once, however often its update comes. The people and chats
   * that came with the updates MUST be known already. Calls must follow one another. Never throws for an update that it
   * cannot make sense of: that is counted.
   *
   * @param due those among the updates whose turn it is
   */
  translate(due: readonly Api.TypeUpdate[], arrived: ArrivedUpdates): Promise<readonly TelegraphistEvent[]>;
  /** Counts a container that holds no update. */
  countEmpty(className: string): void;
  stats(): TranslationStats;
}

/** Events whose repetition is recognised; a repetition comes within seconds, by another connection or an RPC's answer. */
const rememberedEvents = 8_192;

/** Makes the translator of one account. */
export function createUpdateTranslator(options: UpdateTranslatorOptions): UpdateTranslator {
  const { rpc, peers, logger } = options;
  const seen = new LruMap<EventId, true>(rememberedEvents);
  const joinRequests = new JoinRequests();
  const unmapped = new Map<string, number>();
  const counts = { updates: 0, events: 0, duplicates: 0 };

  const countUnmapped = (className: string) => {
    const name = tlName(className);
    unmapped.set(name, (unmapped.get(name) ?? 0) + 1);
    instruments.updates.add(1, { account: rpc.account.name, event: "unmapped", constructor: name });
  };

  const eventsOf = (
    update: Api.TypeUpdate,
    origin: EventOrigin,
    sentNumbers: ReadonlySet<number>,
  ): Promise<readonly TelegraphistEvent[]> => {
    const bring = async (named: readonly ChatId[]) => {
      try {
        await bringPeers(rpc, peers.store, update, named);
      } catch (error) {
        // The event is worth more than a name in it.
        logger.warn("Cannot fetch the peers of an update", { error });
      }
    };
    const known = { store: peers.store, selfId: rpc.account.userId, bring };
    if (!(update instanceof Api.UpdatePendingJoinRequests)) {
      return mapWithPeers(known, (view) => mapUpdate(update, view, origin, sentNumbers));
    }
    const newcomers = joinRequests.take(update);
    return mapWithPeers(known, (view) => joinRequestEvents(update, newcomers, view, origin));
  };

  /** One update that cannot be read never takes the rest of its container along. */
  const eventsOrNone = async (...update: Parameters<typeof eventsOf>) => {
    try {
      return await eventsOf(...update);
    } catch (error) {
      logger.error("Cannot translate an update", { update: tlName(update[0].className), error });
      return [];
    }
  };

  return {
    async translate(due, { updates, date, receivedAtMs }) {
      const traceparent = currentTraceparent();
      const origin: EventOrigin = {
        account: rpc.account,
        atMs: date === null ? receivedAtMs : msOfSeconds(date),
        receivedAtMs,
        ...(traceparent !== undefined && { traceparent }),
      };

      const sentNumbers = sentNumbersOf(updates);
      const fresh: TelegraphistEvent[] = [];
      for (const update of due) {
        counts.updates += 1;
        const events = await eventsOrNone(update, origin, sentNumbers);
        if (events.length === 0) countUnmapped(update.className);
        for (const event of events) {
          if (seen.get(event.id) === true) {
            counts.duplicates += 1;
          } else {
            seen.set(event.id, true);
            fresh.push(event);
          }
        }
      }
      counts.events += fresh.length;
      return fresh;
    },
    countEmpty: (className) => {
      counts.updates += 1;
      countUnmapped(className);
    },
    stats: () => ({ ...counts, unmapped: Object.fromEntries(unmapped) }),
  };
}

/**
 * The messages that this session sent. Telegram tells a message's random id only to the session that chose it; the
 * account's other devices send messages that come here without one.
 */
function sentNumbersOf(updates: readonly Api.TypeUpdate[]): ReadonlySet<number> {
  return new Set(updates.flatMap((update) => (update instanceof Api.UpdateMessageID ? update.id : [])));
}
