import type { TelegraphistEvent } from "../../contract/index.ts";
import type { UpdateStateChange } from "../../storage/index.ts";

/** Events that came in together, in order, and how far the account has read Telegram's updates with them. */
export interface EventBatch {
  /** May be empty: some updates move the state alone. */
  readonly events: readonly TelegraphistEvent[];
  readonly state: UpdateStateChange;
}

/**
 * Takes a batch. It MUST have kept the events before it keeps the state, both at once where it can, since what the state
 * covers is never fetched again; and it MUST have kept both when it resolves. The next batch waits for that. When it
 * throws it is given the same batch again, until the account stops.
 */
export type CommitBatch = (batch: EventBatch) => Promise<void>;
