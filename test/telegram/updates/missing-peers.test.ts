import { expect, test } from "bun:test";
import { systemClock } from "../../../runtime/scope/index.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { type AskingAccount, openAsking, tlClub, tlMessages, tlStored } from "../support/asked.ts";
import { containerTranslator } from "../support/container-translator.ts";
import { silent } from "../support/mtproto-rig.ts";
import { bob, channelPeer, forum, tlMessage, userPeer } from "../support/tl.ts";

const annThere = { _: "user", id: 42n, access_hash: 4_200n, first_name: "Ann" };
const short = { id: 5, message: "hi", pts: 9, ptsCount: 1, date: 1_000 };

const translatorOf = ({ rpc, peers }: AskingAccount) =>
  containerTranslator({ rpc, peers, clock: systemClock, logger: silent });

test("a translation asks for the message when it names a stranger, once", async () => {
  await using rig = await openAsking({
    "messages.getMessages": { ...tlMessages([tlStored(5)]), users: [annThere] },
  });
  const translator = translatorOf(rig);
  const push = (id: number) =>
    translator.translate(new Api.UpdateShortMessage({ ...short, id, userId: longOf(42) }));
  expect(await push(5)).toMatchObject([{ sender: { displayName: "Ann" }, chat: { title: "Ann" } }]);
  expect(await push(6)).toMatchObject([{ sender: { displayName: "Ann" } }]);
  expect(rig.asked).toMatchObject([{ id: [{ id: 5 }] }]);
});

test("a translation asks for a basic group by its id", async () => {
  await using rig = await openAsking(
    { "messages.getChats": { _: "messages.chats", chats: [tlClub] } },
    { users: [bob] },
  );
  const update = new Api.UpdateShortChatMessage({ ...short, fromId: longOf(43), chatId: longOf(7) });
  expect(await translatorOf(rig).translate(update)).toMatchObject([
    { chat: { title: "Club", kind: "group" } },
  ]);
  expect(rig.asked).toMatchObject([{ id: [7n] }]);
});

test("a translation asks the channel for a message whose author is a stranger", async () => {
  await using rig = await openAsking(
    { "channels.getMessages": { ...tlMessages([tlStored(5)]), users: [annThere] } },
    { chats: [forum] },
  );
  const message = tlMessage({ peerId: channelPeer(900), fromId: userPeer(42) });
  const updates = [new Api.UpdateNewChannelMessage({ message, pts: 1, ptsCount: 1 })];
  const container = new Api.Updates({ updates, users: [], chats: [], date: 1_000, seq: 0 });
  expect(await translatorOf(rig).translate(container)).toMatchObject([{ sender: { displayName: "Ann" } }]);
  expect(rig.asked).toMatchObject([{ channel: { channel_id: 900n }, id: [{ id: 5 }] }]);
});
