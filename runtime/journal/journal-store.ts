import type { AccountName, PluginName, TelegraphistEvent } from "../contract/index.ts";

/** Events of one account, and the state that its updates have left behind. */
export interface JournalBatch<State> {
  readonly account: AccountName;
  readonly events: readonly TelegraphistEvent[];
  readonly state: State;
}

export interface JournalEntry {
  readonly seq: number;
  /** The one plugin that it is for; `null` for everyone. */
  readonly onlyFor: PluginName | null;
  /** `null` when it was damaged. */
  readonly event: TelegraphistEvent | null;
}

/** How far one plugin had come. */
export interface JournalPlace {
  readonly throughSeq: number;
  /** What it had handled beyond. */
  readonly handled: ReadonlySet<number>;
  /** How often it was given an event in vain, where that is known. */
  readonly attempts: ReadonlyMap<number, number>;
}

/** What a plugin has handled since this was last told. */
export interface PluginProgress {
  readonly plugin: PluginName;
  /** Everything up to here. */
  readonly throughSeq: number;
  /** And these beyond. */
  readonly beyond: readonly number[];
}

export interface JournalPruning {
  readonly handledBeforeMs: number;
  readonly anyBeforeMs: number;
  readonly limit: number;
}

/** Where the journal is kept. Implementations MUST have on disk what they resolve, and MUST never use a number twice. */
export interface JournalStore<State> {
  /** MUST write all batches with their states or nothing; the number of each event, `null` for one that is known. */
  append(batches: readonly JournalBatch<State>[]): Promise<readonly (readonly (number | null)[])[]>;
  head(): Promise<number>;
  read(afterSeq: number, limit: number): Promise<readonly JournalEntry[]>;
  /** MUST give a place at the head to those that have none, and MUST forget all others'. */
  enroll(plugins: readonly PluginName[]): Promise<void>;
  placeOf(plugin: PluginName): Promise<JournalPlace>;
  withdraw(plugin: PluginName): Promise<void>;
  acknowledge(progress: readonly PluginProgress[]): Promise<void>;
  prune(pruning: JournalPruning): Promise<{ readonly forgotten: number; readonly unhandled: number }>;
}
