import { expect, test } from "bun:test";
import { parseChatId, parseMessageId } from "../../../runtime/contract/index.ts";
import { type Answers, openAsking, tlMessages, tlStored } from "../support/asked.ts";
import { ann, news } from "../support/tl.ts";

const annId = parseChatId("42");
const id = (number: number) => parseMessageId(String(number));

function open(answers: Answers) {
  return openAsking(answers, { users: [ann], chats: [news] });
}

test("history gives pages that lead to the next, until one is short", async () => {
  await using rig = await open({
    "messages.getHistory": ({ offset_id }) =>
      offset_id === 0 ? tlMessages([tlStored(9), tlStored(8)], 3) : tlMessages([tlStored(7)], 3),
  });
  const first = await rig.telegram.history("@ann", { limit: 2 });
  expect(first.messages.map((message) => String(message.id))).toEqual(["9", "8"]);
  expect(first).toMatchObject({ totalCount: 3, nextBeforeId: "8" });
  const second = await rig.telegram.history("@ann", { limit: 2, beforeId: id(8), afterId: id(1) });
  expect(second).toMatchObject({ messages: [{ id: "7" }], nextBeforeId: null });
  expect(rig.asked[1]).toMatchObject({ offset_id: 8, min_id: 1, limit: 2 });
  await expect(rig.telegram.history("@ann", { limit: 101 })).rejects.toMatchObject({ code: "CALL_INVALID" });
});

test("messages gives one for each number, null for what is gone or of another chat", async () => {
  await using rig = await open({
    "messages.getMessages": tlMessages([
      tlStored(1),
      { _: "messageEmpty", id: 2 },
      tlStored(3, { peer_id: { _: "peerUser", user_id: 43n } }),
    ]),
  });
  const found = await rig.telegram.messages(annId, [id(3), id(2), id(1)]);
  expect(found).toMatchObject([null, null, { id: "1", chat: { title: "Ann Lee" } }]);
});

test("messages of a channel are asked of the channel", async () => {
  const peer_id = { _: "peerChannel", channel_id: 901n };
  await using rig = await open({ "channels.getMessages": tlMessages([tlStored(4, { peer_id })]) });
  expect(await rig.telegram.messages("@news", [id(4)])).toMatchObject([{ chat: { title: "News" } }]);
  expect(rig.asked).toMatchObject([{ channel: { channel_id: 901n, access_hash: 9_010n }, id: [{ id: 4 }] }]);
});

test("search in a chat filters by media, on Telegram's side and again here", async () => {
  await using rig = await open({ "messages.search": tlMessages([tlStored(9)]) });
  const page = await rig.telegram.search("x", { chat: "@ann", media: "voice" });
  expect(page.messages).toEqual([]);
  expect(rig.asked).toMatchObject([{ q: "x", filter: { _: "inputMessagesFilterVoice" }, limit: 100 }]);
});

test("search everywhere has one page, and refuses to count within a chat", async () => {
  await using rig = await open({ "messages.searchGlobal": tlMessages([tlStored(9)], 7) });
  expect(await rig.telegram.search("x", { limit: 1 })).toMatchObject({
    messages: [{ id: "9" }],
    nextBeforeId: null,
  });
  await expect(rig.telegram.search("x", { beforeId: id(9) })).rejects.toMatchObject({ code: "CALL_INVALID" });
});
