import type { UpdateState } from "../../storage/index.ts";
import { Api } from "../gramjs.ts";
import type { PeerContainer } from "../peers/peer-store.ts";

/** What was missed, as a difference told it. */
export interface Difference<State> extends PeerContainer {
  /** New messages first, as Telegram does not say where the others stand among them. */
  readonly updates: readonly Api.TypeUpdate[];
  /** Where the account or the channel stands with it. */
  readonly state: State;
  /** There is no more to ask for. */
  readonly isFinal: boolean;
  /** Too much was missed for Telegram to tell: what lies between is not among the updates. */
  readonly isTooLong: boolean;
  /** When to ask again, for a chat that someone looks at; `null` where Telegram does not say. */
  readonly pollAfterMs: number | null;
}

const nothing = { updates: [], users: [], chats: [], isFinal: true, isTooLong: false, pollAfterMs: null };

/** Reads `updates.getDifference`'s answer. */
export function accountDifference(
  answer: Api.updates.TypeDifference,
  before: UpdateState,
): Difference<UpdateState> {
  if (answer instanceof Api.updates.DifferenceEmpty) {
    return { ...nothing, state: { ...before, date: answer.date, seq: answer.seq } };
  }
  if (answer instanceof Api.updates.DifferenceTooLong) {
    return { ...nothing, state: { ...before, pts: answer.pts }, isFinal: false, isTooLong: true };
  }
  const isFinal = answer instanceof Api.updates.Difference;
  const { newMessages, newEncryptedMessages, otherUpdates, users, chats } = answer;
  return {
    ...nothing,
    updates: [
      ...accountMessages(newMessages),
      ...newEncryptedMessages.map((message) => new Api.UpdateNewEncryptedMessage({ message, qts: 0 })),
      ...otherUpdates,
    ],
    users,
    chats,
    state: stateOf(isFinal ? answer.state : answer.intermediateState),
    isFinal,
  };
}

/** Reads `updates.getChannelDifference`'s answer; the state is the channel's `pts`. */
export function channelDifference(
  answer: Api.updates.TypeChannelDifference,
  before: number,
): Difference<number> {
  const told = {
    isFinal: answer.final === true,
    pollAfterMs: answer.timeout === undefined || answer.timeout === null ? null : answer.timeout * 1000,
  };
  if (answer instanceof Api.updates.ChannelDifferenceEmpty) {
    return { ...nothing, ...told, state: answer.pts };
  }
  if (answer instanceof Api.updates.ChannelDifferenceTooLong) {
    const { dialog, messages, users, chats } = answer;
    const pts = (dialog instanceof Api.Dialog ? dialog.pts : undefined) ?? before;
    return {
      ...told,
      updates: channelMessages(messages),
      users,
      chats,
      state: pts,
      isTooLong: true,
      // A state that did not move would be asked for again and again.
      isFinal: told.isFinal || pts === before,
    };
  }
  const { newMessages, otherUpdates, users, chats, pts } = answer;
  const updates = [...channelMessages(newMessages), ...otherUpdates];
  return { ...told, updates, users, chats, state: pts, isTooLong: false };
}

/** Messages of private chats and basic groups as the updates that would have brought them. */
export function accountMessages(messages: readonly Api.TypeMessage[]): readonly Api.UpdateNewMessage[] {
  return messages.map((message) => new Api.UpdateNewMessage({ message, pts: 0, ptsCount: 0 }));
}

/** The same for a channel. */
export function channelMessages(
  messages: readonly Api.TypeMessage[],
): readonly Api.UpdateNewChannelMessage[] {
  return messages.map((message) => new Api.UpdateNewChannelMessage({ message, pts: 0, ptsCount: 0 }));
}

/** Telegram's state without its count of unread messages. */
export function stateOf({ pts, qts, date, seq }: Api.updates.TypeState): UpdateState {
  return { pts, qts, date, seq };
}
