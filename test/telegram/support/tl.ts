import type { ChatId, UserId } from "../../../runtime/contract/index.ts";
import { parseUserId, privateChatIdOf } from "../../../runtime/contract/index.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { mapChat, privateChatOf, unknownChat } from "../../../runtime/telegram/mapping/chat.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import type { PeerView } from "../../../runtime/telegram/mapping/peer-view.ts";
import { mapUser, unknownUser } from "../../../runtime/telegram/mapping/user.ts";

/** The account's own person in tables of TL objects. */
export const me = tlUser(1, { self: true, firstName: "Owner", accessHash: longOf(11) });
export const ann = tlUser(42, {
  firstName: "Ann",
  lastName: "Lee",
  username: "ann",
  accessHash: longOf(4200),
});
export const bob = tlUser(43, { firstName: "Bob", accessHash: longOf(4300), contact: true });

export const club = new Api.Chat({
  id: longOf(7),
  title: "Club",
  photo: new Api.ChatPhotoEmpty(),
  participantsCount: 3,
  date: 100,
  version: 1,
});

export const forum = tlChannel(900, {
  title: "Forum",
  megagroup: true,
  forum: true,
  accessHash: longOf(9000),
});
export const news = tlChannel(901, {
  title: "News",
  broadcast: true,
  username: "news",
  accessHash: longOf(9010),
});

export function tlUser(
  id: number,
  fields: Partial<ConstructorParameters<typeof Api.User>[0]> = {},
): Api.User {
  return new Api.User({ ...fields, id: longOf(id) });
}

export function tlChannel(
  id: number,
  fields: Partial<ConstructorParameters<typeof Api.Channel>[0]> & { title: string },
): Api.Channel {
  return new Api.Channel({ photo: new Api.ChatPhotoEmpty(), date: 100, ...fields, id: longOf(id) });
}

export function tlMessage(fields: Partial<ConstructorParameters<typeof Api.Message>[0]> = {}): Api.Message {
  return new Api.Message({ id: 5, peerId: userPeer(42), date: 1_000, message: "hello", ...fields });
}

export function tlService(
  action: Api.TypeMessageAction,
  fields: Partial<ConstructorParameters<typeof Api.MessageService>[0]> = {},
): Api.MessageService {
  return new Api.MessageService({ id: 6, peerId: groupPeer(7), date: 1_000, action, ...fields });
}

export function userPeer(id: number): Api.PeerUser {
  return new Api.PeerUser({ userId: longOf(id) });
}

export function groupPeer(id: number): Api.PeerChat {
  return new Api.PeerChat({ chatId: longOf(id) });
}

export function channelPeer(id: number): Api.PeerChannel {
  return new Api.PeerChannel({ channelId: longOf(id) });
}

/** A view of the people and chats above. */
export const knownPeers: PeerView = viewOf([me, ann, bob], [club, forum, news]);

export function viewOf(users: readonly Api.User[], chats: readonly Api.TypeChat[]): PeerView {
  const people = new Map<UserId, ReturnType<typeof mapUser>>(
    users.map((user) => [parseUserId(user.id.toString()), mapUser(user)]),
  );
  const places = new Map<ChatId, ReturnType<PeerView["chatOf"]>>([
    ...chats.map(mapChat).map((chat) => [chat.id, chat] as const),
    ...[...people.values()].map((user) => [privateChatIdOf(user.id), privateChatOf(user)] as const),
  ]);
  return {
    selfId: parseUserId(me.id.toString()),
    userOf: (id) => people.get(id) ?? unknownUser(id),
    chatOf: (id) => places.get(id) ?? unknownChat(id),
  };
}
