import type {
  CallOptions,
  InviteLink,
  InviteLinkOptions,
  JoinRequest,
  PeerLike,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { userIdOf } from "../mapping/peer-id.ts";
import { msOfSeconds, secondsOfMs } from "../mapping/seconds.ts";
import type { CallTime } from "./call-time.ts";
import { requireLength, requireWhole } from "./invalid-call.ts";
import { type Operator, unreadable } from "./operator.ts";
import { unlessSo } from "./unless-so.ts";

const pageSize = 100;

export async function createInviteLink(
  operator: Operator,
  chat: PeerLike,
  options: InviteLinkOptions = {},
): Promise<InviteLink> {
  const { title, expiresAtMs, usageLimit, needsApproval = false } = options;
  const call = operator.begin(options);
  const answer = await operator.rpc.invoke(
    new Api.messages.ExportChatInvite({
      peer: await operator.peers.inputPeer(chat, call),
      requestNeeded: needsApproval,
      ...(title !== undefined && { title: requireLength("title", title, 0, 32) }),
      ...(expiresAtMs !== undefined && { expireDate: secondsOfMs(expiresAtMs) }),
      ...(usageLimit !== undefined && { usageLimit: requireWhole("usageLimit", usageLimit, 1, 99_999) }),
    }),
    // A repetition after a lost answer would make a second link.
    { ...call.rpc(), repeatable: false },
  );
  return keptLink(operator, chat, answer, call);
}

export async function inviteLinks(
  operator: Operator,
  chat: PeerLike,
  options: CallOptions & { readonly revoked?: boolean } = {},
): Promise<readonly InviteLink[]> {
  const call = operator.begin(options);
  const peer = await operator.peers.inputPeer(chat, call);
  const links = new Map<string, InviteLink>();
  let last: InviteLink | undefined;
  for (;;) {
    const before = links.size;
    const answer = await operator.rpc.invoke(
      new Api.messages.GetExportedChatInvites({
        peer,
        adminId: new Api.InputUserSelf(),
        revoked: options.revoked ?? false,
        limit: pageSize,
        ...(last !== undefined && { offsetDate: secondsOfMs(last.createdAtMs), offsetLink: last.url }),
      }),
      call.rpc(),
    );
    await operator.peers.store.remember({ users: answer.users, chats: [] });
    for (const link of answer.invites.map(linkOf)) {
      links.set(link.url, link);
      last = link;
    }
    if (answer.invites.length < pageSize || links.size === before) break;
  }
  const listed = [...links.values()];
  await keepLinks(operator, chat, listed, call);
  return listed;
}

export async function revokeInviteLink(
  operator: Operator,
  chat: PeerLike,
  url: string,
  options: CallOptions = {},
): Promise<InviteLink> {
  const call = operator.begin(options);
  const answer = await operator.rpc.invoke(
    new Api.messages.EditExportedChatInvite({
      peer: await operator.peers.inputPeer(chat, call),
      link: url,
      revoked: true,
    }),
    call.rpc(),
  );
  return keptLink(operator, chat, answer.invite, call);
}

/** @param options.limit default 100; 1 to 100 */
export async function joinRequests(
  operator: Operator,
  chat: PeerLike,
  options: CallOptions & { readonly limit?: number } = {},
): Promise<readonly JoinRequest[]> {
  const call = operator.begin(options);
  const answer = await operator.rpc.invoke(
    new Api.messages.GetChatInviteImporters({
      peer: await operator.peers.inputPeer(chat, call),
      requested: true,
      offsetDate: 0,
      offsetUser: new Api.InputUserEmpty(),
      limit: requireWhole("limit", options.limit ?? pageSize, 1, pageSize),
    }),
    call.rpc(),
  );
  return operator.read({ users: answer.users, chats: [] }, (view) =>
    answer.importers.map((one) => ({
      user: view.userOf(userIdOf(one.userId)),
      requestedAtMs: msOfSeconds(one.date),
      about: one.about ?? null,
    })),
  );
}

export async function answerJoinRequest(
  operator: Operator,
  chat: PeerLike,
  user: PeerLike,
  approve: boolean,
  options: CallOptions = {},
): Promise<void> {
  const call = operator.begin(options);
  const request = new Api.messages.HideChatJoinRequest({
    peer: await operator.peers.inputPeer(chat, call),
    userId: await operator.peers.inputUser(user, call),
    approved: approve,
  });
  const answer = await unlessSo("HIDE_REQUESTER_MISSING", operator.rpc.invoke(request, call.rpc()));
  if (answer !== null) operator.publish(answer);
}

async function keptLink(
  operator: Operator,
  chat: PeerLike,
  invite: Api.TypeExportedChatInvite,
  call: CallTime,
): Promise<InviteLink> {
  const link = linkOf(invite);
  await keepLinks(operator, chat, [link], call);
  return link;
}

async function keepLinks(
  operator: Operator,
  chat: PeerLike,
  links: readonly InviteLink[],
  call: CallTime,
): Promise<void> {
  const chatId = await operator.peers.chatId(chat, call);
  await operator.peers.store.keepInviteLinks(
    links.map(({ usageLimit, usageCount, requestCount, ...link }) => ({
      ...link,
      chatId,
      maxUses: usageLimit,
      currentUses: usageCount,
      pendingRequests: requestCount,
    })),
  );
}

function linkOf(invite: Api.TypeExportedChatInvite): InviteLink {
  if (!(invite instanceof Api.ChatInviteExported)) throw unreadable(invite);
  return {
    url: invite.link,
    title: invite.title ?? null,
    createdAtMs: msOfSeconds(invite.date),
    expiresAtMs: invite.expireDate ? msOfSeconds(invite.expireDate) : null,
    usageLimit: invite.usageLimit ?? null,
    usageCount: invite.usage ?? 0,
    requestCount: invite.requested ?? 0,
    needsApproval: invite.requestNeeded === true,
    isRevoked: invite.revoked === true,
  };
}
