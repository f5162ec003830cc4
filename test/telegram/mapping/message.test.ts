import { describe, expect, test } from "bun:test";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { mapMessage } from "../../../runtime/telegram/mapping/message.ts";
import { channelPeer, groupPeer, knownPeers, tlMessage, tlService, userPeer } from "../support/tl.ts";

describe("mapMessage", () => {
  test("reads a private message, whose sender Telegram leaves out", () => {
    expect(mapMessage(tlMessage(), knownPeers)).toMatchObject({
      id: "5",
      chat: { kind: "private", id: "42", title: "Ann Lee" },
      sender: { type: "user", id: "42" },
      direction: "incoming",
      text: "hello",
      media: null,
      sentAtMs: 1_000_000,
      editedAtMs: null,
      serviceAction: null,
    });
  });

  test("takes the account for the sender of an outgoing private message", () => {
    expect(mapMessage(tlMessage({ out: true }), knownPeers)).toMatchObject({
      chat: { id: "42" },
      sender: { type: "user", id: "1" },
      direction: "outgoing",
    });
  });

  test("takes what the account writes to itself for outgoing, which Telegram does not mark", () => {
    expect(mapMessage(tlMessage({ peerId: userPeer(1) }), knownPeers)).toMatchObject({
      chat: { id: "1" },
      sender: { type: "user", id: "1" },
      direction: "outgoing",
    });
  });

  test("takes the channel for the sender of a post, and the group for an anonymous admin", () => {
    const post = mapMessage(tlMessage({ peerId: channelPeer(901), post: true }), knownPeers);
    expect(post).toMatchObject({
      isPost: true,
      sender: { type: "chat", displayName: "News", username: "news" },
    });
    const anonymous = tlMessage({ peerId: channelPeer(900), fromId: channelPeer(900) });
    expect(mapMessage(anonymous, knownPeers).sender).toMatchObject({ type: "chat", displayName: "Forum" });
  });

  test("reads reply, thread, forward, album, and bot", () => {
    const message = tlMessage({
      peerId: groupPeer(7),
      fromId: userPeer(43),
      replyTo: new Api.MessageReplyHeader({ replyToMsgId: 3, replyToTopId: 2 }),
      fwdFrom: new Api.MessageFwdHeader({ date: 900, fromId: channelPeer(901), channelPost: 8 }),
      groupedId: longOf("123456789012345678"),
      viaBotId: longOf(77),
    });
    expect(mapMessage(message, knownPeers)).toMatchObject({
      replyTo: { messageId: "3", chatId: "-7", threadId: "2" },
      forward: { fromId: "-1000000000901", fromName: null, originalMessageId: "8", originalAtMs: 900_000 },
      albumId: "123456789012345678",
      viaBotId: "77",
    });
  });

  test("takes the first message of a topic for its thread", () => {
    const replyTo = new Api.MessageReplyHeader({ replyToMsgId: 2, forumTopic: true });
    const message = tlMessage({ peerId: channelPeer(900), fromId: userPeer(43), replyTo });
    expect(mapMessage(message, knownPeers).replyTo).toMatchObject({ messageId: "2", threadId: "2" });
  });

  test("reads entities with what belongs to each, and reactions", () => {
    const message = tlMessage({
      entities: [
        new Api.MessageEntityBold({ offset: 0, length: 1 }),
        new Api.MessageEntityTextUrl({ offset: 1, length: 1, url: "https://a.example" }),
        new Api.MessageEntityMentionName({ offset: 2, length: 1, userId: longOf(43) }),
        new Api.MessageEntityPre({ offset: 3, length: 1, language: "ts" }),
        new Api.MessageEntityBankCard({ offset: 4, length: 1 }),
      ],
      reactions: new Api.MessageReactions({
        results: [
          new Api.ReactionCount({
            reaction: new Api.ReactionEmoji({ emoticon: "👍" }),
            count: 2,
            chosenOrder: 0,
          }),
          new Api.ReactionCount({
            reaction: new Api.ReactionCustomEmoji({ documentId: longOf(9) }),
            count: 1,
          }),
        ],
      }),
    });
    const mapped = mapMessage(message, knownPeers);
    expect(mapped.entities).toEqual([
      { kind: "bold", offset: 0, length: 1 },
      { kind: "text-url", offset: 1, length: 1, url: "https://a.example" },
      expect.objectContaining({ kind: "mention-name", userId: "43" }),
      { kind: "pre", offset: 3, length: 1, language: "ts" },
      { kind: "other", offset: 4, length: 1 },
    ]);
    expect(mapped.reactions).toEqual([
      { reaction: "👍", count: 2, isChosen: true },
      { reaction: "custom:9", count: 1, isChosen: false },
    ]);
  });

  test("reads what the decoder makes of an absent field, which is null", () => {
    const nulls = { fromId: null, replyTo: null, fwdFrom: null, media: null, entities: null, editDate: null };
    const message = tlMessage({ ...nulls, groupedId: null, viaBotId: null, reactions: null });
    expect(mapMessage(message, knownPeers)).toMatchObject({ entities: [], replyTo: null, albumId: null });
  });

  test("names the action of a service message", () => {
    const message = tlService(new Api.MessageActionChatEditTitle({ title: "New" }), { fromId: userPeer(42) });
    expect(mapMessage(message, knownPeers)).toMatchObject({
      serviceAction: "messageActionChatEditTitle",
      text: "",
      sender: { id: "42" },
    });
  });

  test("is plain JSON", () => {
    const mapped = mapMessage(tlMessage(), knownPeers);
    expect(JSON.parse(JSON.stringify(mapped))).toEqual(mapped);
  });
});
