export { createJournal, type Journal, type JournalOptions, type JournalReading } from "./journal.ts";
export type {
  JournalBatch,
  JournalEntry,
  JournalPlace,
  JournalPruning,
  JournalStore,
  PluginProgress,
} from "./journal-store.ts";
