import { type Message, parseMessageId } from "telegraphist";
import { z } from "zod";

const messageId = z.string().transform((text) => parseMessageId(text));

/** How far a chat's history has been walked, newest to oldest; kept over restarts. */
export const cursorSchema = z.strictObject({
  /** The newest message of the walk under way, and the floor of the one after it. */
  newestId: messageId.nullable(),
  /** The next page ends before it; `null` at the newest. */
  beforeId: messageId.nullable(),
  /** What an earlier walk has seen: this one ends there. */
  floorId: messageId.nullable(),
  isDone: z.boolean(),
});

export type BackfillCursor = z.output<typeof cursorSchema>;

/** The cursor of a chat that has not been walked. */
export const freshCursor: BackfillCursor = { newestId: null, beforeId: null, floorId: null, isDone: false };

/** Where a start of the program goes on: in the walk that was cut off, else in a new one down to what was seen. */
export function resumed(cursor: BackfillCursor): BackfillCursor {
  return cursor.isDone ? { ...freshCursor, floorId: cursor.newestId, newestId: cursor.newestId } : cursor;
}

/**
 * After a page was put into the queue.
 *
 * @param page newest first
 * @param sinceMs messages before it are not wanted, so the walk ends there
 */
export function afterPage(
  cursor: BackfillCursor,
  page: {
    readonly messages: readonly Pick<Message, "id" | "sentAtMs">[];
    readonly nextBeforeId: Message["id"] | null;
  },
  sinceMs: number,
): BackfillCursor {
  const oldest = page.messages.at(-1);
  const isFirst = cursor.beforeId === null;
  const newestId = isFirst ? (page.messages[0]?.id ?? cursor.newestId) : cursor.newestId;
  const isDone =
    page.nextBeforeId === null ||
    (oldest !== undefined && oldest.sentAtMs < sinceMs) ||
    (cursor.floorId !== null && BigInt(page.nextBeforeId) <= BigInt(cursor.floorId));
  return { ...cursor, newestId, beforeId: page.nextBeforeId, isDone };
}
