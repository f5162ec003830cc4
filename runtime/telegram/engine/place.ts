import type { ChatId } from "../../contract/index.ts";
import type { ChannelState, UpdateState } from "../../storage/index.ts";

/**
 * A `pts` from which nothing can be read on: Telegram refuses it, and what has come since the date beside it is read from
 * the chats then.
 */
const unplaced = 0;

/**
 * A kept place with what Telegram has not come to yet taken back, as from there all that is new would seem known; `null`
 * when it is right.
 */
export function correctedPlace(known: UpdateState, present: UpdateState): UpdateState | null {
  const pts = correctedPts(known.pts, present.pts);
  const [qts, seq] = [Math.min(known.qts, present.qts), Math.min(known.seq, present.seq)];
  const isRight = pts === known.pts && qts === known.qts && seq === known.seq;
  return isRight ? null : { ...known, pts, qts, seq };
}

/** The same of channels: those that are not right. One whose present is not known counts as right. */
export function correctedChannels(
  known: ReadonlyMap<ChatId, ChannelState>,
  presents: ReadonlyMap<ChatId, number>,
): ReadonlyMap<ChatId, ChannelState> {
  const corrected = new Map<ChatId, ChannelState>();
  for (const [chatId, state] of known) {
    const pts = correctedPts(state.pts, presents.get(chatId) ?? state.pts);
    if (pts !== state.pts) corrected.set(chatId, { ...state, pts });
  }
  return corrected;
}

function correctedPts(known: number, present: number): number {
  return known > present ? unplaced : known;
}
