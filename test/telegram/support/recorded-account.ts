import {
  type Clock,
  type EventMap,
  type EventName,
  parseAccountName,
  type TelegraphistEvent,
} from "../../../runtime/contract/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import { type Account, createAccount, type ServerOptions } from "../../../runtime/telegram/index.ts";
import { silent } from "./mtproto-rig.ts";

/** An account whose events are kept. */
export interface RecordedAccount {
  readonly account: Account;
  readonly events: readonly TelegraphistEvent[];
  /** The first event of the type that fits, whether it was there already or comes later. */
  event<Name extends EventName>(
    type: Name,
    fits?: (event: EventMap[Name]) => boolean,
  ): Promise<EventMap[Name]>;
  /** Another account object over the same storage, as after a restart. */
  again(): Account;
}

export function recordAccount(
  server: ServerOptions,
  storage: Storage,
  clock: Clock = systemClock,
): RecordedAccount {
  const name = parseAccountName("me");
  const events: TelegraphistEvent[] = [];
  const listeners = new Set<() => void>();
  const again = () =>
    createAccount({
      name,
      api: { id: 1, hash: "hash" },
      server,
      storage,
      logger: silent,
      clock,
      commit: async (batch) => {
        events.push(...batch.events);
        await storage.updateStates.apply(name, batch.state);
        for (const listener of listeners) listener();
      },
    });
  return {
    account: again(),
    events,
    again,
    event: (type, fits = () => true) => {
      const { promise, resolve } = Promise.withResolvers<EventMap[typeof type]>();
      const look = () => {
        for (const event of events) {
          if (!isOf(event, type) || !fits(event)) continue;
          listeners.delete(look);
          resolve(event);
          return;
        }
      };
      listeners.add(look);
      look();
      return promise;
    },
  };
}

function isOf<Name extends EventName>(event: TelegraphistEvent, type: Name): event is EventMap[Name] {
  return event.type === type;
}
