import type { TelegraphistConfig } from "../../config/index.ts";
import type { Logger } from "../../telemetry/index.ts";
import { chatIdOfEvent, type EventBus } from "../bus/index.ts";
import {
  type AccountName,
  type Clock,
  type PluginName,
  TelegraphistError,
  type TelegraphistEvent,
} from "../contract/index.ts";
import type { HostJournal } from "../host/index.ts";
import { createJournal } from "../journal/index.ts";
import type { Storage } from "../storage/index.ts";
import type { AccountOptions } from "../telegram/index.ts";
import type { JournalStock } from "./journal-health.ts";

/** The way of events from the accounts to the plugins. */
export interface EventPath {
  /** What an account hands its events to. */
  commitOf(account: AccountName): AccountOptions["commit"];
  /** Tells who listens of what is not kept, and waits for nobody. */
  readonly tell: (event: TelegraphistEvent) => void;
  /** What the host reads; `undefined` when plugins are given each event once, as it comes. */
  readonly journal: HostJournal | undefined;
  /** Call it before anything comes in. @param plugins all that may run */
  begin(plugins: readonly PluginName[]): Promise<void>;
  /** Call it when the plugins have subscribed, or never will: accounts wait for it. */
  open(): void;
  /** Gives the event of a dead letter to its plugin again. @throws {TelegraphistError} `JOURNAL_DISABLED` */
  replay(deadLetterId: string): Promise<void>;
  /** Resolves when plugins are done with all that came in. @throws the signal's reason when it is aborted */
  drain(signal: AbortSignal): Promise<void>;
  /** What waits for the plugins, and what was put aside. */
  stock(): Promise<JournalStock>;
  prune(): Promise<void>;
  /** Hands out nothing from here on; a second call does nothing. */
  stop(): Promise<void>;
}

export interface EventPathOptions {
  readonly config: Pick<TelegraphistConfig, "journal" | "limits">;
  readonly storage: Storage;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createEventPath(options: EventPathOptions): EventPath {
  return options.config.journal.enabled ? overTheJournal(options) : straight(options);
}

function overTheJournal({ config, storage, bus, clock, logger }: EventPathOptions): EventPath {
  const { keepMs, maxAgeMs } = config.journal;
  const window = config.limits.queueSize;
  const journal = createJournal({ store: storage.journal, bus, clock, logger, window, keepMs, maxAgeMs });
  return {
    commitOf: (account) => (batch) => journal.commit({ account, ...batch }),
    tell: (event) => void bus.emit(event),
    journal: {
      open: (plugin) => journal.open(plugin),
      withdraw: (plugin) => journal.withdraw(plugin),
      noteAttempts: (plugin, seq, attempts) => storage.journal.noteAttempts(plugin, seq, attempts),
      bury: (letter) => storage.deadLetters.add({ ...letter, chatId: chatIdOfEvent(letter.event) }),
    },
    begin: (plugins) => journal.enroll(plugins),
    open: () => undefined,
    async replay(deadLetterId) {
      await storage.deadLetters.replay(deadLetterId);
      await journal.refresh();
    },
    async drain(signal) {
      await journal.drain(signal);
      await bus.drain(signal);
    },
    stock: async () => ({
      backlogs: await storage.journal.backlogs(),
      deadLetters: await storage.deadLetters.count(),
    }),
    async prune() {
      await journal.prune();
      await pruneRecords(storage, clock.now() - maxAgeMs);
    },
    stop: () => journal.stop(),
  };
}

/** Without a journal events wait in memory, first for the plugins to subscribe, then for room in their queues. */
function straight({ config, storage, bus, clock }: EventPathOptions): EventPath {
  const opened = Promise.withResolvers<void>();
  return {
    commitOf:
      (account) =>
      async ({ events, state }) => {
        await opened.promise;
        for (const event of events) await bus.emit(event);
        await storage.updateStates.apply(account, state);
      },
    tell: (event) => void bus.emit(event),
    journal: undefined,
    begin: async () => undefined,
    open: () => opened.resolve(),
    async replay() {
      throw new TelegraphistError({
        code: "JOURNAL_DISABLED",
        category: "CONFIG",
        message: "Cannot replay a dead letter as plugins are given events straight: journal.enabled is false",
      });
    },
    drain: (signal) => bus.drain(signal),
    stock: async () => ({ backlogs: [], deadLetters: await storage.deadLetters.count() }),
    prune: () => pruneRecords(storage, clock.now() - config.journal.maxAgeMs),
    stop: async () => undefined,
  };
}

async function pruneRecords({ sentMessages, deadLetters }: Storage, beforeMs: number): Promise<void> {
  await sentMessages.prune(beforeMs);
  await deadLetters.prune(beforeMs);
}
