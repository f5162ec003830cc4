import type { AccountName, Message } from "../../contract/index.ts";

/** What was sent under random ids that a repetition would use again. */
export interface SentMessages {
  find(account: AccountName, randomId: string): Promise<Message | null>;
  put(account: AccountName, sent: ReadonlyMap<string, Message>): Promise<void>;
}
