import { expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { type Answers, openAsking, refused, tlUpdates } from "../support/asked.ts";
import { ann, forum } from "../support/tl.ts";

const forumId = parseChatId("-1000000000900");
const annId = parseChatId("42");
const person = { _: "user", id: 42n, access_hash: 4_200n, first_name: "Ann", last_name: "Lee" };

function open(answers: Answers) {
  return openAsking(answers, { users: [ann], chats: [forum] });
}

function link(number: number, fields: Partial<TlObject> = {}): TlObject {
  return {
    _: "chatInviteExported",
    link: `https://t.me/+${number}`,
    admin_id: 1n,
    date: 1_000 + number,
    ...fields,
  };
}

test("createInviteLink asks for what the options say, and returns the link", async () => {
  await using rig = await open({
    "messages.exportChatInvite": link(1, {
      title: "Spring",
      usage_limit: 5,
      expire_date: 9,
      request_needed: true,
    }),
  });
  const options = { title: "Spring", usageLimit: 5, expiresAtMs: 9_500, needsApproval: true };
  expect(await rig.telegram.createInviteLink(forumId, options)).toEqual({
    url: "https://t.me/+1",
    title: "Spring",
    createdAtMs: 1_001_000,
    expiresAtMs: 9_000,
    usageLimit: 5,
    usageCount: 0,
    requestCount: 0,
    needsApproval: true,
    isRevoked: false,
  });
  expect(rig.asked).toMatchObject([
    { title: "Spring", usage_limit: 5, expire_date: 9, request_needed: true },
  ]);
});

test("createInviteLink refuses a limit out of range", async () => {
  await using rig = await open({});
  const creating = rig.telegram.createInviteLink(forumId, { usageLimit: 100_000 });
  await expect(creating).rejects.toMatchObject({ code: "CALL_INVALID" });
});

test("inviteLinks pages to the end", async () => {
  await using rig = await open({
    "messages.getExportedChatInvites": ({ offset_link }) => {
      const page =
        offset_link === undefined ? Array.from({ length: 100 }, (_, index) => link(index)) : [link(100)];
      return { _: "messages.exportedChatInvites", count: 101, invites: page, users: [] };
    },
  });
  const links = await rig.telegram.inviteLinks(forumId, { revoked: true });
  expect(links).toHaveLength(101);
  expect(rig.asked).toMatchObject([
    { revoked: true },
    { offset_link: "https://t.me/+99", offset_date: 1_099 },
  ]);
});

test("revokeInviteLink returns the link as it is now", async () => {
  await using rig = await open({
    "messages.editExportedChatInvite": {
      _: "messages.exportedChatInvite",
      invite: link(1, { revoked: true }),
      users: [],
    },
  });
  expect(await rig.telegram.revokeInviteLink(forumId, "https://t.me/+1")).toMatchObject({ isRevoked: true });
  expect(rig.asked).toMatchObject([{ revoked: true, link: "https://t.me/+1" }]);
});

test("joinRequests names who waits, and answerJoinRequest lets them in", async () => {
  await using rig = await open({
    "messages.getChatInviteImporters": {
      _: "messages.chatInviteImporters",
      count: 1,
      importers: [{ _: "chatInviteImporter", requested: true, user_id: 42n, date: 1_000, about: "hi" }],
      users: [person],
    },
    "messages.hideChatJoinRequest": tlUpdates([]),
  });
  expect(await rig.telegram.joinRequests(forumId)).toMatchObject([
    { user: { id: "42", displayName: "Ann Lee" }, requestedAtMs: 1_000_000, about: "hi" },
  ]);
  await rig.telegram.answerJoinRequest(forumId, annId, true);
  expect(rig.asked[1]).toMatchObject({ approved: true, user_id: { user_id: 42n } });
  expect(rig.published).toHaveLength(1);
});

test("answerJoinRequest succeeds when the request was answered before, and fails when it may not", async () => {
  await using answered = await open({ "messages.hideChatJoinRequest": refused("HIDE_REQUESTER_MISSING") });
  await answered.telegram.answerJoinRequest(forumId, annId, true);
  expect(answered.published).toEqual([]);
  await using forbidden = await open({ "messages.hideChatJoinRequest": refused("CHAT_ADMIN_REQUIRED") });
  await expect(forbidden.telegram.answerJoinRequest(forumId, annId, true)).rejects.toMatchObject({
    code: "CHAT_ADMIN_REQUIRED",
  });
});
