import { expect, test } from "bun:test";
import { parseChatId, parseMessageId } from "../../../runtime/contract/index.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { openAsking, refused, tlUpdates } from "../support/asked.ts";
import { ann, news } from "../support/tl.ts";

const annId = parseChatId("42");
const ids = (...numbers: number[]) => numbers.map((number) => parseMessageId(String(number)));

function open() {
  const affected = (request: TlObject) => ({
    _: "messages.affectedMessages",
    pts: 1,
    pts_count: Array.isArray(request.id) ? request.id.length : 0,
  });
  return openAsking(
    {
      "messages.deleteMessages": affected,
      "channels.deleteMessages": affected,
      "messages.readHistory": affected,
      "channels.readHistory": true,
      "messages.setTyping": true,
      "messages.sendReaction": tlUpdates([]),
    },
    { users: [ann], chats: [news] },
  );
}

test("delete goes by the kind of chat, a hundred at a time, and counts", async () => {
  await using rig = await open();
  expect(await rig.telegram.delete("@news", ids(1, 2))).toBe(2);
  expect(await rig.telegram.delete(annId, ids(3), { forEveryone: false })).toBe(1);
  expect(await rig.telegram.delete(annId, ids(...Array.from({ length: 250 }, (_, index) => index + 1)))).toBe(
    250,
  );
  expect(rig.asked.map(({ _ }) => _)).toEqual([
    "channels.deleteMessages",
    "messages.deleteMessages",
    "messages.deleteMessages",
    "messages.deleteMessages",
    "messages.deleteMessages",
  ]);
  expect(rig.asked[1]).not.toHaveProperty("revoke", true);
  expect(rig.asked[2]).toHaveProperty("revoke", true);
  await expect(rig.telegram.delete(annId, [])).rejects.toMatchObject({ code: "CALL_INVALID" });
});

test("react sets and takes back", async () => {
  await using rig = await open();
  const message = { chatId: annId, messageId: parseMessageId("5") };
  await rig.telegram.react(message, "👍");
  await rig.telegram.react(message, null);
  expect(rig.asked).toMatchObject([
    { msg_id: 5, reaction: [{ emoticon: "👍" }] },
    { msg_id: 5, reaction: [] },
  ]);
  expect(rig.published).toHaveLength(2);
  await expect(rig.telegram.react(message, "")).rejects.toMatchObject({ code: "CALL_INVALID" });
});

test("read goes by the kind of chat, up to a message or to the end", async () => {
  await using rig = await open();
  await rig.telegram.read(annId, { upToMessageId: parseMessageId("7") });
  await rig.telegram.read("@news");
  expect(rig.asked).toMatchObject([
    { _: "messages.readHistory", max_id: 7 },
    { _: "channels.readHistory", max_id: 0 },
  ]);
});

test("typing tells every action", async () => {
  await using rig = await open();
  const actions = ["typing", "recording-voice", "uploading-document", "uploading-photo", "cancel"] as const;
  for (const action of actions) await rig.telegram.typing(annId, action);
  expect(rig.asked.map(({ action }) => action)).toMatchObject([
    { _: "sendMessageTypingAction" },
    { _: "sendMessageRecordAudioAction" },
    { _: "sendMessageUploadDocumentAction" },
    { _: "sendMessageUploadPhotoAction" },
    { _: "sendMessageCancelAction" },
  ]);
});

test("a message number beyond Telegram's is refused", async () => {
  await using rig = await open();
  const message = { chatId: annId, messageId: parseMessageId("2147483648") };
  await expect(rig.telegram.react(message, null)).rejects.toMatchObject({ code: "CALL_INVALID" });
  expect(rig.asked).toEqual([]);
});

test("react comes to the same when the reaction is there already", async () => {
  await using rig = await openAsking(
    { "messages.sendReaction": refused("MESSAGE_NOT_MODIFIED") },
    { users: [ann] },
  );
  await rig.telegram.react({ chatId: annId, messageId: parseMessageId("5") }, "👍");
  expect(rig.published).toEqual([]);
});
