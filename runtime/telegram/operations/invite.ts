import {
  type CallOptions,
  type InviteResult,
  type PeerLike,
  parseUserId,
  TelegraphistError,
  type UserId,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { userIdOf } from "../mapping/peer-id.ts";
import { inputChannelOf, wrongKind } from "../peers/peer-resolver.ts";
import { invalidCall } from "./invalid-call.ts";
import type { Operator } from "./operator.ts";

/** A person to invite, as Telegram takes them. */
interface Invitee {
  readonly userId: UserId;
  readonly input: Api.TypeInputUser;
}

type InviteRequest = Api.channels.InviteToChannel | Api.messages.AddChatUser;

/** How many of the latest messages someone new sees in a basic group. */
const fwdLimit = 100;

/**
 * Adds people. A supergroup or channel takes them all in one request; when Telegram refuses that for one person's sake,
 * each is asked for alone, so that the others are added. A basic group takes one at a time.
 *
 * @throws {TelegraphistError} what concerns the account or the chat: `PEER_FLOOD`, `CHAT_ADMIN_REQUIRED`…; `data.added`
 * then lists the people who had been added before
 */
export async function invite(
  operator: Operator,
  chat: PeerLike,
  users: readonly PeerLike[],
  options: CallOptions = {},
): Promise<readonly InviteResult[]> {
  if (users.length < 1 || users.length > 20) {
    throw invalidCall(`Cannot invite as 1 to 20 people can be named in a call: received ${users.length}`);
  }
  const call = operator.begin(options);
  const peer = await operator.peers.inputPeer(chat, call);
  const chatId = await operator.peers.chatId(chat, call);
  const channel = inputChannelOf(peer);
  const invitees: Invitee[] = [];
  for (const user of users) {
    const input = await operator.peers.inputUser(user, call);
    invitees.push({ input, userId: parseUserId(await operator.peers.chatId(user, call)) });
  }

  const ask = async (request: InviteRequest, asked: readonly Invitee[]) => {
    const answer = await operator.rpc.invoke(request, call.rpc(chatId));
    operator.publish(answer.updates);
    return resultsOf(asked, answer.missingInvitees);
  };
  const together = (channel: Api.InputChannel, asked: readonly Invitee[]) =>
    ask(new Api.channels.InviteToChannel({ channel, users: asked.map(({ input }) => input) }), asked);
  const alone = (invitee: Invitee) => {
    if (channel !== null) return together(channel, [invitee]);
    if (!(peer instanceof Api.InputPeerChat)) throw wrongKind(chat, "a group, supergroup, or channel");
    const request = new Api.messages.AddChatUser({ chatId: peer.chatId, userId: invitee.input, fwdLimit });
    return ask(request, [invitee]);
  };

  if (channel !== null && invitees.length > 1) {
    try {
      return await together(channel, invitees);
    } catch (error) {
      if (outcomeOf(error) === null) throw error;
    }
  }
  const results: InviteResult[] = [];
  for (const invitee of invitees) {
    try {
      results.push(...(await alone(invitee)));
    } catch (error) {
      const refusal = outcomeOf(error);
      if (refusal === null) throw withAdded(error, results);
      results.push({ userId: invitee.userId, ...refusal });
    }
  }
  return results;
}

/** Errors about one person; all others are about the account or the chat. Source: core.telegram.org/api/invites. */
const personalOutcomes: Readonly<Record<string, InviteResult["outcome"]>> = {
  USER_ALREADY_PARTICIPANT: "already",
  USER_PRIVACY_RESTRICTED: "privacy",
  USER_NOT_MUTUAL_CONTACT: "refused",
  USER_CHANNELS_TOO_MUCH: "refused",
  USER_KICKED: "refused",
  USER_BLOCKED: "refused",
  USER_BOT: "refused",
  BOT_GROUPS_BLOCKED: "refused",
  INPUT_USER_DEACTIVATED: "refused",
  USER_ID_INVALID: "refused",
};

function outcomeOf(error: unknown): Omit<InviteResult, "userId"> | null {
  if (!(error instanceof TelegraphistError)) return null;
  const outcome = personalOutcomes[error.code];
  if (outcome === undefined) return null;
  return { outcome, reason: outcome === "already" ? null : error.code };
}

/** A call that succeeds may still have added nobody: who is missing was kept out by their privacy settings. */
function resultsOf(
  asked: readonly Invitee[],
  missing: readonly Api.TypeMissingInvitee[],
): readonly InviteResult[] {
  const reasons = new Map(
    missing.map((one) => [
      userIdOf(one.userId),
      one.premiumWouldAllowInvite === true ? "PREMIUM_WOULD_ALLOW_INVITE" : "USER_PRIVACY_RESTRICTED",
    ]),
  );
  return asked.map(({ userId }) => {
    const reason = reasons.get(userId) ?? null;
    return { userId, outcome: reason === null ? "added" : "privacy", reason };
  });
}

function withAdded(error: unknown, results: readonly InviteResult[]): unknown {
  const added = results.filter(({ outcome }) => outcome === "added").map(({ userId }) => userId);
  if (!(error instanceof TelegraphistError) || added.length === 0) return error;
  const { code, category, message, retryable, data } = error;
  return new TelegraphistError({
    ...{ code, category, message, retryable },
    data: { ...data, added },
    cause: error,
  });
}
