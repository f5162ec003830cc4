import type { Logger } from "../../telemetry/index.ts";
import type { Vault } from "../vault/index.ts";
import { type AccountPasswordRepository, createAccountPasswordRepository } from "./account-passwords.ts";
import { type AuditRepository, createAuditRepository } from "./audit.ts";
import { type ContactRepository, createContactRepository } from "./contacts.ts";
import { openDatabase } from "./database.ts";
import { createDeadLetterRepository, type DeadLetterRepository } from "./dead-letters.ts";
import { createEntityRepository, type EntityRepository } from "./entities.ts";
import { createFloodWaitRepository, type FloodWaitRepository } from "./flood-waits.ts";
import { createInviteLinkRepository, type InviteLinkRepository } from "./invite-links.ts";
import { createJournalRepository, type JournalRepository } from "./journal.ts";
import { createPluginScheduleRepository, type PluginScheduleRepository } from "./plugin-schedules.ts";
import { createPluginStoreRepository, type PluginStoreRepository } from "./plugin-store.ts";
import { createSealedRowRepository, type SealedRowRepository } from "./sealed-row-repository.ts";
import { createSentMessageRepository, type SentMessageRepository } from "./sent-messages.ts";
import { createSessionLeaseRepository, type SessionLeaseRepository } from "./session-leases.ts";
import { createSessionRepository, type SessionRepository } from "./sessions.ts";
import { createSpareKeyRepository, type SpareKeyRepository } from "./spare-keys.ts";
import { checkDatabase, type StorageCheck } from "./storage-check.ts";
import { createUpdateStateRepository, type UpdateStateRepository } from "./update-states.ts";

export interface StorageOptions {
  /** A file, made with its folder when it is not there, or `:memory:`. */
  readonly path: string;
  readonly vault: Vault;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Gets the names of operations that took over 100 ms. */
  readonly logger?: Logger;
  /** How long to wait for another process's lock. @default 2000 */
  readonly busyTimeoutMs?: number;
}

/**
 * All that outlives the process. What a method has resolved is on disk; every method throws `TelegraphistError` with
 * `STORAGE_CORRUPT`, `STORAGE_LOCKED`, `STORAGE_FULL`, `STORAGE_UNREADABLE`, `STORAGE_CLOSED`, or `STORAGE_FAILED`.
 */
export interface Storage extends AsyncDisposable {
  readonly sessions: SessionRepository;
  readonly spareKeys: SpareKeyRepository;
  readonly accountPasswords: AccountPasswordRepository;
  readonly entities: EntityRepository;
  readonly contacts: ContactRepository;
  readonly inviteLinks: InviteLinkRepository;
  readonly updateStates: UpdateStateRepository;
  readonly floodWaits: FloodWaitRepository;
  readonly pluginStore: PluginStoreRepository;
  readonly pluginSchedules: PluginScheduleRepository;
  readonly journal: JournalRepository;
  readonly deadLetters: DeadLetterRepository;
  readonly sentMessages: SentMessageRepository;
  readonly audit: AuditRepository;
  readonly sessionLeases: SessionLeaseRepository;
  readonly sealedRows: SealedRowRepository;
  /** Forgets the flood waits and the plugins' entries whose time is over; opening does so too. */
  prune(): Promise<void>;
  /** @param options.deep reads every page and reference, which takes its time. @default false */
  check(options?: { readonly deep?: boolean }): Promise<StorageCheck>;
  /** A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Opens the database, brings its schema up to date, and forgets what is over.
 *
 * @throws {TelegraphistError} `STORAGE_CORRUPT`, `STORAGE_LOCKED`, `STORAGE_FULL`, `STORAGE_UNREADABLE`,
 * `STORAGE_SHARED`, `STORAGE_NEWER_SCHEMA`, `STORAGE_FOREIGN`, or `LEASE_HELD` where an older version runs on it
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { path, vault, now = Date.now, logger, busyTimeoutMs } = options;
  const database = await openDatabase({ path, logger, now, busyTimeoutMs });
  const close = async () => database.close();
  const storage: Storage = {
    sessions: createSessionRepository(database, vault, now),
    spareKeys: createSpareKeyRepository(database, vault, now),
    accountPasswords: createAccountPasswordRepository(database, vault, now),
    entities: createEntityRepository(database, now),
    contacts: createContactRepository(database),
    inviteLinks: createInviteLinkRepository(database),
    updateStates: createUpdateStateRepository(database, now),
    floodWaits: createFloodWaitRepository(database, now),
    pluginStore: createPluginStoreRepository(database, now),
    pluginSchedules: createPluginScheduleRepository(database),
    journal: createJournalRepository(database, vault, now),
    deadLetters: createDeadLetterRepository(database, vault, now),
    sentMessages: createSentMessageRepository(database, vault, now),
    audit: createAuditRepository(database),
    sessionLeases: createSessionLeaseRepository(database, now),
    sealedRows: createSealedRowRepository(database, vault, now),
    prune: async () => {
      await storage.floodWaits.prune(now());
      await storage.pluginStore.prune();
    },
    check: ({ deep = false } = {}) => checkDatabase(database, deep),
    close,
    [Symbol.asyncDispose]: close,
  };
  try {
    await storage.prune();
    return storage;
  } catch (error) {
    await close();
    throw error;
  }
}
