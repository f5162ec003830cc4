import {
  type Clock,
  type EventMap,
  type EventName,
  parseAccountName,
  type TelegraphistEvent,
} from "../../../runtime/contract/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import type { JournalBatch, Storage } from "../../../runtime/storage/index.ts";
import {
  type Account,
  type AccountOptions,
  createAccount,
  type ServerOptions,
} from "../../../runtime/telegram/index.ts";
import type { Logger } from "../../../telemetry/index.ts";
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

export interface RecordOptions extends Pick<AccountOptions, "takeSession" | "rotateAfterMs"> {
  /** @default one that says nothing */
  readonly logger?: Logger;
  /** @default the machine's time */
  readonly clock?: Clock;
  /** Keeps a batch, and returns what is new of it. @default keeps the state alone, and takes all for new */
  readonly keep?: (batch: JournalBatch, storage: Storage) => Promise<readonly TelegraphistEvent[]>;
}

export function recordAccount(
  server: ServerOptions,
  storage: Storage,
  { clock = systemClock, keep = keepState, logger = silent, ...rest }: RecordOptions = {},
): RecordedAccount {
  const name = parseAccountName("me");
  const events: TelegraphistEvent[] = [];
  const listeners = new Set<() => void>();
  const record = (more: readonly TelegraphistEvent[]) => {
    events.push(...more);
    for (const listener of listeners) listener();
  };
  const again = () =>
    createAccount({
      name,
      api: { id: 1, hash: "hash" },
      server,
      storage,
      logger,
      clock,
      ...rest,
      commit: async (batch) => record(await keep({ account: name, ...batch }, storage)),
      tell: (change) => record([change]),
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

async function keepState({ account, events, state }: JournalBatch, { updateStates }: Storage) {
  if (state !== null) await updateStates.apply(account, state);
  return events;
}

function isOf<Name extends EventName>(event: TelegraphistEvent, type: Name): event is EventMap[Name] {
  return event.type === type;
}
