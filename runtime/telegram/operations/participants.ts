import type { CallOptions, Participant, PeerLike, UserId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { userIdOf, userIdOfPeer } from "../mapping/peer-id.ts";
import { msOfSeconds } from "../mapping/seconds.ts";
import { inputChannelOf, wrongKind } from "../peers/peer-resolver.ts";
import type { CallTime } from "./call-time.ts";
import { requireWhole } from "./invalid-call.ts";
import { type Operator, unreadable } from "./operator.ts";

/** Telegram gives at most this many at once. Source: core.telegram.org/method/channels.getParticipants. */
const pageSize = 200;

export interface ParticipantsOptions extends CallOptions {
  /** @default 200; 1 to 10,000 */
  readonly limit?: number;
  /** @default 0 */
  readonly offset?: number;
  /** Part of a name. */
  readonly query?: string;
}

export async function participants(
  operator: Operator,
  chat: PeerLike,
  options: ParticipantsOptions = {},
): Promise<readonly Participant[]> {
  const call = operator.begin(options);
  const limit = requireWhole("limit", options.limit ?? pageSize, 1, 10_000);
  const offset = requireWhole("offset", options.offset ?? 0, 0, 1_000_000);
  const { query = "" } = options;
  const peer = await operator.peers.inputPeer(chat, call);
  if (peer instanceof Api.InputPeerChat) {
    const all = await groupParticipants(operator, peer, call);
    return all.filter((one) => isNamed(one, query)).slice(offset, offset + limit);
  }
  const channel = inputChannelOf(peer);
  if (channel === null) throw wrongKind(chat, "a group, supergroup, or channel");
  return channelParticipants(operator, channel, { limit, offset, query }, call);
}

async function groupParticipants(
  operator: Operator,
  { chatId }: Api.InputPeerChat,
  call: CallTime,
): Promise<readonly Participant[]> {
  const answer = await operator.rpc.invoke(new Api.messages.GetFullChat({ chatId }), call.rpc());
  const { fullChat } = answer;
  if (!(fullChat instanceof Api.ChatFull)) throw unreadable(fullChat);
  const listed =
    fullChat.participants instanceof Api.ChatParticipants ? fullChat.participants.participants : [];
  return operator.read(answer, (view) =>
    listed.map((one) => ({
      user: view.userOf(userIdOf(one.userId)),
      role:
        one instanceof Api.ChatParticipantCreator
          ? "creator"
          : one instanceof Api.ChatParticipantAdmin
            ? "admin"
            : "member",
      joinedAtMs: one instanceof Api.ChatParticipantCreator ? null : msOfSeconds(one.date),
    })),
  );
}

async function channelParticipants(
  operator: Operator,
  channel: Api.InputChannel,
  { limit, offset, query }: { readonly limit: number; readonly offset: number; readonly query: string },
  call: CallTime,
): Promise<readonly Participant[]> {
  const filter =
    query === "" ? new Api.ChannelParticipantsRecent() : new Api.ChannelParticipantsSearch({ q: query });
  const found: Participant[] = [];
  while (found.length < limit) {
    const wanted = Math.min(pageSize, limit - found.length);
    const answer = await operator.rpc.invoke(
      new Api.channels.GetParticipants({
        channel,
        filter,
        offset: offset + found.length,
        limit: wanted,
        hash: longOf(0),
      }),
      call.rpc(),
    );
    if (answer instanceof Api.channels.ChannelParticipantsNotModified) throw unreadable(answer);
    const page = await operator.read(answer, (view) =>
      answer.participants.flatMap((one): Participant[] => {
        const userId = memberOf(one);
        return userId === null
          ? []
          : [{ user: view.userOf(userId), role: roleOf(one), joinedAtMs: joinedAtMs(one) }];
      }),
    );
    found.push(...page);
    if (answer.participants.length < wanted) break;
  }
  return found;
}

function memberOf(participant: Api.TypeChannelParticipant): UserId | null {
  return participant instanceof Api.ChannelParticipantBanned ||
    participant instanceof Api.ChannelParticipantLeft
    ? userIdOfPeer(participant.peer)
    : userIdOf(participant.userId);
}

function roleOf(participant: Api.TypeChannelParticipant): Participant["role"] {
  if (participant instanceof Api.ChannelParticipantCreator) return "creator";
  if (participant instanceof Api.ChannelParticipantAdmin) return "admin";
  if (participant instanceof Api.ChannelParticipantLeft) return "left";
  if (participant instanceof Api.ChannelParticipantBanned) {
    return participant.bannedRights.viewMessages === true ? "banned" : "restricted";
  }
  return "member";
}

function joinedAtMs(participant: Api.TypeChannelParticipant): number | null {
  const isDated =
    participant instanceof Api.ChannelParticipant ||
    participant instanceof Api.ChannelParticipantSelf ||
    participant instanceof Api.ChannelParticipantAdmin;
  return isDated ? msOfSeconds(participant.date) : null;
}

function isNamed({ user }: Participant, query: string): boolean {
  const wanted = query.toLowerCase();
  return `${user.displayName} ${user.username ?? ""}`.toLowerCase().includes(wanted);
}
