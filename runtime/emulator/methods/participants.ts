import type { TlObject } from "../tl/value.ts";
import type { Chat } from "../world/chat.ts";
import { bannedParticipantView, channelParticipantView } from "../world/chat-view.ts";
import type { PeerId } from "../world/peer-id.ts";
import type { WorldState } from "../world/world-state.ts";
import type { Caller } from "./caller.ts";
import { RpcError } from "./rpc.ts";

/** The members that a TL `ChannelParticipantsFilter` asks for. */
export function participantsOf(
  state: WorldState,
  chat: Chat,
  { person: viewer }: Caller,
  filter: TlObject,
): readonly { readonly userId: PeerId; readonly view: TlObject }[] {
  const query = typeof filter.q === "string" ? filter.q.toLowerCase() : "";
  const isNamed = (userId: PeerId): boolean => {
    const { firstName, lastName, username } = state.person(userId);
    return `${firstName} ${lastName ?? ""} ${username ?? ""}`.toLowerCase().includes(query);
  };
  if (filter._ === "channelParticipantsKicked" || filter._ === "channelParticipantsBanned") {
    const wantsKicked = filter._ === "channelParticipantsKicked";
    return [...chat.bans]
      .filter(([userId]) => chat.isBanned(userId) === wantsKicked && isNamed(userId))
      .map(([userId, one]) => ({ userId, view: bannedParticipantView(userId, one) }));
  }
  const isWanted = {
    channelParticipantsRecent: () => true,
    channelParticipantsSearch: () => true,
    channelParticipantsAdmins: (userId: PeerId) => chat.members.get(userId)?.role !== "member",
    channelParticipantsBots: (userId: PeerId) => state.person(userId).isBot,
    channelParticipantsContacts: (userId: PeerId) => viewer.contacts.has(userId),
  }[filter._];
  if (isWanted === undefined) throw new RpcError(400, "INPUT_FILTER_INVALID");
  return [...chat.members.values()]
    .filter(({ userId }) => isWanted(userId) && isNamed(userId))
    .map((member) => ({ userId: member.userId, view: channelParticipantView(viewer.id, member) }));
}
