import type { ChatId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { chatIdOfChannel, chatIdOfPeer } from "../mapping/peer-id.ts";

/** What a difference can be asked for: everything of the account but its channels, or one channel. */
export type Target = "account" | ChatId;

/** An update's place in a count of Telegram's: it takes the count from `end - count` to `end`. */
export interface Place {
  readonly target: Target;
  /** A channel has a `pts` alone. */
  readonly counter: "pts" | "qts";
  readonly end: number;
  readonly count: number;
}

/** The place of an update; `null` for one that is not numbered and holds at once (core.telegram.org/api/updates). */
export function placeOf(update: Api.TypeUpdate): Place | null {
  if ("qts" in update) return { target: "account", counter: "qts", end: update.qts, count: 1 };
  if (!("pts" in update && "ptsCount" in update)) return null;
  const target = targetOf(update);
  return target === null ? null : { target, counter: "pts", end: update.pts, count: update.ptsCount };
}

function targetOf(update: Api.TypeUpdate): Target | null {
  if (update instanceof Api.UpdateNewChannelMessage || update instanceof Api.UpdateEditChannelMessage) {
    // A `messageEmpty` may leave its chat out.
    return update.message.peerId ? chatIdOfPeer(update.message.peerId) : null;
  }
  return "channelId" in update ? chatIdOfChannel(update.channelId) : "account";
}
