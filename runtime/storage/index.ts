export type { AccountPasswordRepository } from "./account-passwords.ts";
export type { AuditFilter, AuditPruning, AuditRecord, AuditRepository, AuditRow } from "./audit.ts";
export { AuditFile, type AuditFileOptions } from "./audit-file.ts";
export type { ContactRecord, ContactRepository } from "./contacts.ts";
export type { DeadLetterRecord, DeadLetterRepository, DeadLetterSummary } from "./dead-letters.ts";
export type { EntityRecord, EntityRepository } from "./entities.ts";
export type { FloodWaitRecord, FloodWaitRepository } from "./flood-waits.ts";
export type { InviteLinkRecord, InviteLinkRepository } from "./invite-links.ts";
export type {
  JournalBacklog,
  JournalBatch,
  JournalEntry,
  JournalPlace,
  JournalProgress,
  JournalPruning,
  JournalRepository,
} from "./journal.ts";
export { type HeldKeyFile, holdKeyFile, passphraseVariable } from "./key-file.ts";
export { LeaseKeeper, type LeaseKeeperOptions, type SessionHold } from "./lease-keeper.ts";
export type { LeaseOwner } from "./lease-owner.ts";
export { type LeaseSubject, wholeDatabase } from "./lease-subject.ts";
export type { KeyOptions, LoadedKeys } from "./load-key.ts";
export { isKeyInEnvironment, keyVariable, loadOrCreateKey, passphraseOf } from "./load-key.ts";
export type { PluginStoreListOptions, PluginStoreRepository } from "./plugin-store.ts";
export type {
  ResealProgress,
  SealedCheck,
  SealedCount,
  SealedRowRepository,
} from "./sealed-row-repository.ts";
export { hasSealedRows } from "./sealed-rows.ts";
export type { SentMessageRepository } from "./sent-messages.ts";
export type { LeaseAnswer, SessionLease, SessionLeaseRepository } from "./session-leases.ts";
export type {
  SessionDevice,
  SessionRecord,
  SessionRepository,
  SessionSummary,
  StoredSession,
} from "./sessions.ts";
export type { SpareKeyRepository } from "./spare-keys.ts";
export type { Storage, StorageOptions } from "./storage.ts";
export { openStorage } from "./storage.ts";
export type { StorageCheck } from "./storage-check.ts";
export type { ChannelState, UpdateState, UpdateStateChange, UpdateStateRepository } from "./update-states.ts";
