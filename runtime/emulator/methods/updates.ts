import type { TlObject } from "../tl/value.ts";
import type { Chat } from "../world/chat.ts";
import { usualSliceEntries } from "../world/difference-faults.ts";
import { messageView } from "../world/message-view.ts";
import { bareId, type PeerId } from "../world/peer-id.ts";
import type { Person } from "../world/person.ts";
import { peerViews } from "../world/update-batch.ts";
import type { LoggedUpdate } from "../world/update-log.ts";
import type { WorldState } from "../world/world-state.ts";
import { forSignedIn } from "./caller.ts";
import { dialogOf } from "./dialogs.ts";
import { int, object, optionalInt } from "./fields.ts";
import { channelOfInput } from "./peers.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";
import { stateView } from "./state-view.ts";

const tooLongMessages = 100;

/** Catching up (core.telegram.org/api/updates). */
export function updateMethods(state: WorldState): RpcHandlers {
  return forSignedIn(state, {
    "updates.getState": (_request, { person }) => stateView(state, person.box.log.pts),
    "updates.getDifference": (request, { person }) => {
      const { log } = person.box;
      const pts = int(request, "pts");
      if (pts < 1 || pts > log.pts) throw new RpcError(400, "PERSISTENT_TIMESTAMP_INVALID");
      if (state.differenceFaults.meet(person.id)) return { _: "updates.differenceTooLong", pts: log.pts };
      const { sliceEntries } = state.differenceFaults;
      const limit = Math.min(optionalInt(request, "pts_limit") ?? sliceEntries, sliceEntries);
      const totalLimit = optionalInt(request, "pts_total_limit");
      if (totalLimit !== undefined && log.pts - pts > totalLimit) {
        return { _: "updates.differenceTooLong", pts: log.pts };
      }
      const entries = log.since(pts, Math.max(1, limit));
      if (entries === null) return { _: "updates.differenceTooLong", pts: log.pts };
      const last = entries.at(-1);
      const changed = channelsChangedSince(state, person, int(request, "date"));
      if (last === undefined && changed.length === 0) {
        return { _: "updates.differenceEmpty", date: state.nowS(), seq: 0 };
      }
      const content = { new_encrypted_messages: [], ...differenceView(state, person, entries, changed) };
      return last !== undefined && last.pts < log.pts
        ? { _: "updates.differenceSlice", ...content, intermediate_state: stateView(state, last.pts) }
        : { _: "updates.difference", ...content, state: stateView(state, log.pts) };
    },
    "updates.getChannelDifference": (request, caller) => {
      const chat = channelOfInput(state, caller, object(request, "channel"));
      const { box } = chat;
      if (box === null) throw new RpcError(400, "CHANNEL_INVALID");
      const pts = int(request, "pts");
      const limit = int(request, "limit");
      if (limit < 1) throw new RpcError(400, "LIMIT_INVALID");
      if (pts < 1) throw new RpcError(400, "PERSISTENT_TIMESTAMP_EMPTY");
      if (pts > box.log.pts) throw new RpcError(400, "PERSISTENT_TIMESTAMP_INVALID");
      const isTooLong = state.differenceFaults.meet(caller.person.id, chat.id);
      const entries = isTooLong ? null : box.log.since(pts, Math.min(limit, usualSliceEntries));
      if (entries === null) {
        const messages = [...box.messagesOf(chat.id)].slice(-tooLongMessages);
        return {
          _: "updates.channelDifferenceTooLong",
          final: true,
          dialog: dialogOf(state, caller.person, chat.id),
          messages: messages.map((message) => messageView(state, caller.person.id, message)),
          ...peerViews(state, caller.person.id, [chat.id, ...messages.map(({ post }) => post.fromId)]),
        };
      }
      const last = entries.at(-1);
      if (last === undefined) return { _: "updates.channelDifferenceEmpty", final: true, pts: box.log.pts };
      return {
        _: "updates.channelDifference",
        final: last.pts === box.log.pts,
        pts: last.pts,
        ...differenceView(state, caller.person, entries),
      };
    },
  });
}

/** The person's channels where something happened since; theirs are differences of their own. */
function channelsChangedSince(state: WorldState, { id }: Person, dateS: number): readonly Chat[] {
  return [...state.chats.values()].filter(
    ({ box, members }) => box !== null && box.log.lastAtS >= dateS && members.has(id),
  );
}

/** What happened, with messages as they are now; those that are gone again are left out. */
function differenceView(
  state: WorldState,
  viewer: Person,
  entries: readonly LoggedUpdate[],
  changedChannels: readonly Chat[] = [],
): Readonly<Record<"new_messages" | "other_updates" | "users" | "chats", TlObject[]>> {
  const messages: TlObject[] = [];
  const others: TlObject[] = [];
  const peerIds = new Set<PeerId>();
  for (const { update } of entries) {
    const message = update.newMessage;
    if (message === undefined) others.push(update.view(viewer.id));
    else if (state.boxFor(viewer, message.chatId).get(message.id) === undefined) continue;
    else messages.push(messageView(state, viewer.id, message));
    for (const id of update.peerIds) peerIds.add(id);
  }
  for (const { id, box } of changedChannels) {
    others.push({
      _: "updateChannelTooLong",
      channel_id: bareId(id),
      ...(box !== null && { pts: box.log.pts }),
    });
    peerIds.add(id);
  }
  return { new_messages: messages, other_updates: others, ...peerViews(state, viewer.id, peerIds) };
}
