import { describe, expect, test } from "bun:test";
import { parseAccountName, parseUserId } from "../../../runtime/contract/index.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import type { EventOrigin } from "../../../runtime/telegram/updates/event-origin.ts";
import { mapUpdate } from "../../../runtime/telegram/updates/map-update.ts";
import { channelPeer, groupPeer, knownPeers, tlMessage, tlService, userPeer } from "../support/tl.ts";

const origin: EventOrigin = {
  account: { name: parseAccountName("me"), userId: parseUserId("1") },
  atMs: 2_000_000,
  receivedAtMs: 2_000_123,
};

const eventsOf = (update: Api.TypeUpdate) => mapUpdate(update, knownPeers, origin, new Set([6]));
const fresh = (message: Api.TypeMessage) => new Api.UpdateNewMessage({ message, pts: 10, ptsCount: 1 });
const inChannel = (message: Api.TypeMessage) =>
  new Api.UpdateNewChannelMessage({ message, pts: 10, ptsCount: 1 });
const counts = (emoticon: string) =>
  new Api.MessageReactions({
    results: [new Api.ReactionCount({ reaction: new Api.ReactionEmoji({ emoticon }), count: 1 })],
    recentReactions: [
      new Api.MessagePeerReaction({
        peerId: userPeer(42),
        date: 1_999,
        reaction: new Api.ReactionEmoji({ emoticon }),
      }),
    ],
  });

describe("mapUpdate of messages", () => {
  test("tells received from sent", () => {
    expect(eventsOf(fresh(tlMessage()))).toEqual([
      expect.objectContaining({
        type: "message.received",
        id: "me/message.received/42/5",
        direction: "incoming",
        messageId: "5",
        text: "hello",
        account: origin.account,
        atMs: 1_000_000,
        receivedAtMs: 2_000_123,
      }),
    ]);
    expect(eventsOf(fresh(tlMessage({ out: true })))[0]).toMatchObject({
      type: "message.sent",
      id: "me/message.sent/42/5",
      direction: "outgoing",
    });
  });

  test("tells what this session sent from what the owner's other devices did", () => {
    const sent = (id: number) => eventsOf(fresh(tlMessage({ id, out: true })))[0];
    expect(sent(6)).toMatchObject({ type: "message.sent", isAutomated: true });
    expect(sent(5)).toMatchObject({ type: "message.sent", isAutomated: false });
  });

  test("tells a post of a channel", () => {
    const post = tlMessage({ peerId: channelPeer(901), post: true });
    expect(eventsOf(inChannel(post))[0]).toMatchObject({
      id: "me/message.received/-1000000000901/5",
      isPost: true,
    });
  });

  test("makes nothing of an empty message", () => {
    expect(eventsOf(fresh(new Api.MessageEmpty({ id: 5 })))).toEqual([]);
  });

  test("tells edits of one second apart", () => {
    const edit = (pts: number) =>
      eventsOf(new Api.UpdateEditMessage({ message: tlMessage({ editDate: 1_500 }), pts, ptsCount: 1 }))[0];
    expect(edit(11)).toMatchObject({ type: "message.edited", editedAtMs: 1_500_000, atMs: 1_500_000 });
    expect(edit(11)?.id).toBe(edit(11)?.id);
    expect(edit(11)?.id).not.toBe(edit(12)?.id);
  });

  test("takes a hidden edit with reactions for a reaction", () => {
    const message = tlMessage({ editHide: true, editDate: 1_500, reactions: counts("👍") });
    expect(eventsOf(new Api.UpdateEditMessage({ message, pts: 11, ptsCount: 1 }))).toEqual([
      expect.objectContaining({ type: "reaction.changed", messageId: "5" }),
    ]);
  });

  test("tells deletions with the chat where Telegram names it", () => {
    expect(eventsOf(new Api.UpdateDeleteMessages({ messages: [3, 4], pts: 12, ptsCount: 2 }))).toMatchObject([
      { type: "message.deleted", id: "me/message.deleted/-/3+1", chat: null, messageIds: ["3", "4"] },
    ]);
    const inNews = { channelId: longOf(901), messages: [9], pts: 12, ptsCount: 1 };
    expect(eventsOf(new Api.UpdateDeleteChannelMessages(inNews))).toMatchObject([
      { chat: { title: "News" }, messageIds: ["9"] },
    ]);
  });

  test("tells reactions with their latest author", () => {
    const reaction = { peer: groupPeer(7), msgId: 5 };
    const [event] = eventsOf(new Api.UpdateMessageReactions({ ...reaction, reactions: counts("👍") }));
    expect(event).toMatchObject({
      type: "reaction.changed",
      chat: { id: "-7" },
      messageId: "5",
      reactions: [{ reaction: "👍", count: 1, isChosen: false }],
      user: { id: "42" },
    });
    const [other] = eventsOf(new Api.UpdateMessageReactions({ ...reaction, reactions: counts("👎") }));
    expect(other?.id).not.toBe(event?.id);
  });
});

describe("mapUpdate of reading", () => {
  const pts = { pts: 1, ptsCount: 1 };
  test.each([
    [
      "updateReadHistoryInbox",
      new Api.UpdateReadHistoryInbox({ peer: userPeer(42), maxId: 9, stillUnreadCount: 2, ...pts }),
      { direction: "incoming", unreadCount: 2, chat: { id: "42" } },
    ],
    [
      "updateReadHistoryOutbox",
      new Api.UpdateReadHistoryOutbox({ peer: groupPeer(7), maxId: 9, ...pts }),
      { direction: "outgoing", unreadCount: null, chat: { id: "-7" } },
    ],
    [
      "updateReadChannelInbox",
      new Api.UpdateReadChannelInbox({ channelId: longOf(901), maxId: 9, stillUnreadCount: 0, pts: 1 }),
      { direction: "incoming", unreadCount: 0, chat: { title: "News" } },
    ],
    [
      "updateReadChannelOutbox",
      new Api.UpdateReadChannelOutbox({ channelId: longOf(901), maxId: 9 }),
      { direction: "outgoing", unreadCount: null },
    ],
  ] as const)("tells %s", (_name, update, expected) => {
    expect(eventsOf(update)).toMatchObject([{ type: "message.read", upToMessageId: "9", ...expected }]);
  });

  test("makes nothing of a chat that was cleared", () => {
    const update = new Api.UpdateReadHistoryInbox({
      peer: userPeer(42),
      maxId: 0,
      stillUnreadCount: 0,
      ...pts,
    });
    expect(eventsOf(update)).toEqual([]);
  });
});

describe("mapUpdate of members", () => {
  const byAnn = { fromId: userPeer(42) };
  test.each([
    ["added", new Api.MessageActionChatAddUser({ users: [longOf(43)] }), "43", { id: "42" }],
    ["joined", new Api.MessageActionChatAddUser({ users: [longOf(42)] }), "42", null],
    ["link", new Api.MessageActionChatJoinedByLink({ inviterId: longOf(43) }), "42", { id: "43" }],
    ["request", new Api.MessageActionChatJoinedByRequest(), "42", null],
  ])("tells a service message of someone %s", (how, action, userId, invitedBy) => {
    const [message, joined] = eventsOf(inChannel(tlService(action, { ...byAnn, peerId: channelPeer(900) })));
    expect(message).toMatchObject({ type: "message.received" });
    expect(joined).toMatchObject({
      type: "member.joined",
      how,
      user: { id: userId },
      chat: { title: "Forum" },
      invitedBy,
    });
  });

  test.each([
    ["left", 42, null],
    ["removed", 43, { id: "42" }],
  ])("tells a service message of someone who %s", (how, userId, removedBy) => {
    const action = new Api.MessageActionChatDeleteUser({ userId: longOf(userId) });
    const [, left] = eventsOf(fresh(tlService(action, byAnn)));
    expect(left).toMatchObject({ type: "member.left", how, user: { id: String(userId) }, removedBy });
  });

  test("makes one id of a join that a service message and a participant update tell", () => {
    const action = new Api.MessageActionChatAddUser({ users: [longOf(43)] });
    const [, byMessage] = eventsOf(fresh(tlService(action, byAnn)));
    const chat = { chatId: longOf(7), userId: longOf(43), inviterId: longOf(42), date: 1_000, version: 2 };
    const [byUpdate] = eventsOf(new Api.UpdateChatParticipantAdd(chat));
    expect(byUpdate).toHaveProperty("id", byMessage?.id);
    expect(byUpdate).toMatchObject({ how: "added", invitedBy: { id: "42" } });
  });

  test("tells what a change of a channel's participant means", () => {
    const member = new Api.ChannelParticipant({ userId: longOf(43), date: 900 });
    const banned = new Api.ChannelParticipantBanned({
      peer: userPeer(43),
      kickedBy: longOf(42),
      date: 1_000,
      left: true,
      bannedRights: new Api.ChatBannedRights({ viewMessages: true, untilDate: 0 }),
    });
    const admin = new Api.ChannelParticipantAdmin({
      userId: longOf(43),
      promotedBy: longOf(42),
      date: 1_000,
      adminRights: new Api.ChatAdminRights({}),
    });
    const ids = { channelId: longOf(900), date: 1_000, actorId: longOf(42), userId: longOf(43), qts: 3 };
    const change = (fields: {
      prevParticipant?: Api.TypeChannelParticipant;
      newParticipant?: Api.TypeChannelParticipant;
    }) => eventsOf(new Api.UpdateChannelParticipant({ ...ids, ...fields }));
    expect(change({ newParticipant: member })).toMatchObject([{ type: "member.joined", how: "added" }]);
    expect(change({ prevParticipant: member })).toMatchObject([{ type: "member.left", how: "removed" }]);
    expect(change({ prevParticipant: member, newParticipant: banned })).toMatchObject([
      { type: "member.left" },
    ]);
    expect(change({ prevParticipant: member, newParticipant: admin })).toMatchObject([
      { type: "chat.updated", change: "members" },
    ]);
  });
});

describe("mapUpdate of presence", () => {
  test("tells who is typing where", () => {
    const action = new Api.SendMessageTypingAction();
    const recording = new Api.SendMessageRecordAudioAction();
    expect(eventsOf(new Api.UpdateUserTyping({ userId: longOf(42), action }))).toMatchObject([
      { type: "user.typing", chat: { id: "42" }, user: { id: "42" }, action: "typing" },
    ]);
    const inClub = { chatId: longOf(7), fromId: userPeer(43), action: recording };
    expect(eventsOf(new Api.UpdateChatUserTyping(inClub))).toMatchObject([
      { chat: { id: "-7" }, user: { id: "43" }, action: "recording" },
    ]);
    const inForum = { channelId: longOf(900), fromId: channelPeer(900), action };
    expect(eventsOf(new Api.UpdateChannelUserTyping(inForum))).toMatchObject([{ user: null }]);
  });

  test("tells a status", () => {
    const status = new Api.UserStatusOnline({ expires: 3_000 });
    expect(eventsOf(new Api.UpdateUserStatus({ userId: longOf(42), status }))).toMatchObject([
      { type: "user.status", userId: "42", user: { displayName: "Ann Lee" }, status: { untilMs: 3_000_000 } },
    ]);
  });
});

describe("mapUpdate of chats", () => {
  test.each([
    ["title", new Api.MessageActionChatEditTitle({ title: "New" })],
    ["photo", new Api.MessageActionChatDeletePhoto()],
    ["created", new Api.MessageActionChannelCreate({ title: "New" })],
    ["migrated", new Api.MessageActionChatMigrateTo({ channelId: longOf(900) })],
  ] as const)("tells a service message of the %s", (change, action) => {
    const [, event] = eventsOf(fresh(tlService(action, { fromId: userPeer(42) })));
    expect(event).toMatchObject({ type: "chat.updated", change, chat: { id: "-7" }, atMs: 1_000_000 });
  });

  test.each([
    ["pinned", new Api.UpdatePinnedMessages({ peer: groupPeer(7), messages: [1], pts: 5, ptsCount: 1 })],
    [
      "pinned",
      new Api.UpdatePinnedChannelMessages({ channelId: longOf(900), messages: [1], pts: 5, ptsCount: 1 }),
    ],
    ["other", new Api.UpdateChannel({ channelId: longOf(900) })],
    ["other", new Api.UpdateChat({ chatId: longOf(7) })],
  ] as const)("tells an update as %s", (change, update) => {
    expect(eventsOf(update)).toMatchObject([{ type: "chat.updated", change }]);
  });
});

test("mapUpdate makes nothing of what plugins have no use for", () => {
  expect(eventsOf(new Api.UpdatePtsChanged())).toEqual([]);
  expect(eventsOf(new Api.UpdateConfig())).toEqual([]);
});
