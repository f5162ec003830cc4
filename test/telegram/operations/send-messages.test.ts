import { describe, expect, test } from "bun:test";
import {
  parseChatId,
  parseMessageId,
  parseUserId,
  type TextContent,
} from "../../../runtime/contract/index.ts";
import { RpcError } from "../../../runtime/emulator/methods/rpc.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import {
  type Answers,
  openAsking,
  refused,
  tlMessages,
  tlSent,
  tlStored,
  tlUpdates,
} from "../support/asked.ts";
import { ann, bob, me } from "../support/tl.ts";

const annId = parseChatId("42");
const five = { chatId: annId, messageId: parseMessageId("5") };

function open(answers: Answers) {
  return openAsking(answers, { users: [me, ann, bob] });
}

const echo: Answers = {
  "messages.sendMessage": ({ message = "", entities = [], random_id = 0n }) =>
    tlSent([tlStored(9, { out: true, message, entities })], [random_id]),
};

describe("send", () => {
  test("returns the message as Telegram stored it, and gives the answer on as updates", async () => {
    await using rig = await open(echo);
    const message = await rig.telegram.send("@ann", "hello");
    expect(message).toMatchObject({
      id: "9",
      text: "hello",
      direction: "outgoing",
      chat: { id: "42", title: "Ann Lee" },
      sender: { id: "1" },
      sentAtMs: 1_000_000,
    });
    expect(rig.published).toEqual([expect.any(Api.Updates)]);
  });

  test("completes Telegram's shortest answer with what was sent", async () => {
    await using rig = await open({
      "messages.sendMessage": {
        _: "updateShortSentMessage",
        out: true,
        id: 9,
        pts: 1,
        pts_count: 1,
        date: 1_000,
      },
    });
    const sent = await rig.telegram.reply(five, { text: "**hi**", format: "markdown" });
    expect(sent).toMatchObject({
      id: "9",
      text: "hi",
      entities: [{ kind: "bold", offset: 0, length: 2 }],
      chat: { id: "42" },
      sender: { id: "1" },
      direction: "outgoing",
      replyTo: { messageId: "5", chatId: "42" },
    });
    expect(rig.published).toEqual([expect.any(Api.Updates)]);
  });

  test("asks for what the options say", async () => {
    await using rig = await open(echo);
    await rig.telegram.send(annId, { text: "a", linkPreview: false }, { silent: true, scheduleAtMs: 5_500 });
    await rig.telegram.reply(five, { text: "<b>b</b>", format: "html" });
    const mention = { kind: "mention-name", offset: 0, length: 1, userId: parseUserId("43") } as const;
    await rig.telegram.send(annId, { text: "c", entities: [mention] });
    expect(rig.asked).toMatchObject([
      {
        message: "a",
        no_webpage: true,
        silent: true,
        schedule_date: 5,
        peer: { user_id: 42n, access_hash: 4_200n },
      },
      {
        message: "b",
        reply_to: { reply_to_msg_id: 5 },
        entities: [{ _: "messageEntityBold", offset: 0, length: 1 }],
      },
      { message: "c", entities: [{ _: "inputMessageEntityMentionName", user_id: { user_id: 43n } }] },
    ]);
    const randomIds = new Set(rig.asked.map((request) => request.random_id));
    expect(randomIds.size).toBe(3);
  });

  test("tells the message of a scheduled send", async () => {
    await using rig = await open({
      "messages.sendMessage": ({ random_id = 0n }) =>
        tlUpdates([
          { _: "updateMessageID", id: 3, random_id },
          { _: "updateNewScheduledMessage", message: tlStored(3, { out: true }) },
        ]),
    });
    expect(await rig.telegram.send(annId, "later", { scheduleAtMs: 9_000 })).toMatchObject({ id: "3" });
  });

  test.each<[string, string | TextContent]>([
    ["nothing", ""],
    ["4097 characters", "x".repeat(4_097)],
    ["marks alone", { text: "<b></b>", format: "html" }],
    ["marks in two ways", { text: "a", format: "markdown", entities: [] }],
  ])("refuses %s before Telegram is asked", async (_name, content) => {
    await using rig = await open(echo);
    await expect(rig.telegram.send(annId, content)).rejects.toMatchObject({
      code: "CALL_INVALID",
      category: "INVALID",
    });
    expect(rig.asked).toEqual([]);
  });

  test("throws Telegram's own name of a refusal", async () => {
    await using rig = await open({
      "messages.sendMessage": () => {
        throw new RpcError(403, "CHAT_WRITE_FORBIDDEN");
      },
    });
    await expect(rig.telegram.send(annId, "a")).rejects.toMatchObject({
      code: "CHAT_WRITE_FORBIDDEN",
      category: "RIGHTS",
    });
    expect(rig.published).toEqual([]);
  });

  test("says when the answer has no message", async () => {
    await using rig = await open({ "messages.sendMessage": tlUpdates([]) });
    await expect(rig.telegram.send(annId, "a")).rejects.toMatchObject({ code: "TELEGRAM_ANSWER_UNREADABLE" });
  });
});

describe("edit", () => {
  test("returns the message as it is now", async () => {
    await using rig = await open({
      "messages.editMessage": ({ message = "" }) =>
        tlUpdates([
          {
            _: "updateEditMessage",
            message: tlStored(5, { out: true, message, edit_date: 1_100 }),
            pts: 2,
            pts_count: 1,
          },
        ]),
    });
    expect(await rig.telegram.edit(five, "new")).toMatchObject({
      id: "5",
      text: "new",
      editedAtMs: 1_100_000,
    });
    expect(rig.asked).toMatchObject([{ id: 5, message: "new" }]);
    expect(rig.published).toHaveLength(1);
  });

  test("returns the message as it is when it was so before", async () => {
    await using rig = await open({
      "messages.editMessage": refused("MESSAGE_NOT_MODIFIED"),
      "messages.getMessages": tlMessages([tlStored(5, { out: true, message: "new" })]),
    });
    expect(await rig.telegram.edit(five, "new")).toMatchObject({ id: "5", text: "new" });
    expect(rig.published).toEqual([]);
  });

  test("fails when Telegram refuses it otherwise", async () => {
    await using rig = await open({ "messages.editMessage": refused("MESSAGE_EDIT_TIME_EXPIRED") });
    await expect(rig.telegram.edit(five, "new")).rejects.toMatchObject({ code: "MESSAGE_EDIT_TIME_EXPIRED" });
  });
});

describe("forward", () => {
  test("returns the new messages in the order that was asked for", async () => {
    await using rig = await open({
      "messages.forwardMessages": ({ random_id }) =>
        tlSent(
          [tlStored(21, { out: true }), tlStored(22, { out: true })],
          Array.isArray(random_id) ? random_id : [],
        ),
    });
    const ids = [parseMessageId("7"), parseMessageId("6")];
    const sent = await rig.telegram.forward(annId, ids, "me", { dropAuthor: true });
    expect(sent.map(({ id }) => String(id))).toEqual(["21", "22"]);
    expect(rig.asked).toMatchObject([{ id: [7, 6], drop_author: true, to_peer: { _: "inputPeerSelf" } }]);
  });

  test("refuses none and more than a hundred", async () => {
    await using rig = await open({});
    await expect(rig.telegram.forward(annId, [], "me")).rejects.toMatchObject({ code: "CALL_INVALID" });
  });
});
