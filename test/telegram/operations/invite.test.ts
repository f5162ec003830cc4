import { expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { RpcError } from "../../../runtime/emulator/methods/rpc.ts";
import type { TlObject, TlValue } from "../../../runtime/emulator/tl/value.ts";
import { type Answers, openAsking, tlUpdates } from "../support/asked.ts";
import { ann, bob, club, forum, tlUser } from "../support/tl.ts";

const forumId = parseChatId("-1000000000900");
const clubId = parseChatId("-7");
const annId = parseChatId("42");
const bobId = parseChatId("43");

function open(answers: Answers) {
  return openAsking(answers, { users: [ann, bob], chats: [club, forum] });
}

function invited(missing: readonly TlObject[] = []): TlObject {
  return { _: "messages.invitedUsers", updates: tlUpdates([]), missing_invitees: missing };
}

function refuse(code: number, name: string): () => TlValue {
  return () => {
    throw new RpcError(code, name);
  };
}

test("invite adds several to a supergroup in one request, and reads who is missing", async () => {
  await using rig = await open({
    "channels.inviteToChannel": invited([{ _: "missingInvitee", user_id: 43n }]),
  });
  expect<unknown>(await rig.telegram.invite(forumId, [annId, bobId])).toEqual([
    { userId: "42", outcome: "added", reason: null },
    { userId: "43", outcome: "privacy", reason: "USER_PRIVACY_RESTRICTED" },
  ]);
  expect(rig.asked).toMatchObject([{ users: [{ user_id: 42n }, { user_id: 43n }] }]);
  expect(rig.published).toHaveLength(1);
});

test.each([
  ["USER_PRIVACY_RESTRICTED", 403, "privacy"],
  ["USER_NOT_MUTUAL_CONTACT", 403, "refused"],
  ["USER_CHANNELS_TOO_MUCH", 403, "refused"],
  ["USER_KICKED", 400, "refused"],
  ["USER_BOT", 400, "refused"],
  ["INPUT_USER_DEACTIVATED", 400, "refused"],
])("invite takes %s for an outcome of that person", async (name, code, outcome) => {
  await using rig = await open({ "channels.inviteToChannel": refuse(code, name) });
  expect<unknown>(await rig.telegram.invite(forumId, [annId])).toEqual([
    { userId: "42", outcome, reason: name },
  ]);
});

test("invite asks for each alone when one person's refusal stops all", async () => {
  await using rig = await open({
    "channels.inviteToChannel": ({ users }) => {
      if (Array.isArray(users) && users.some((user) => user.user_id === 43n))
        throw new RpcError(400, "USER_KICKED");
      return invited();
    },
  });
  expect<unknown>(await rig.telegram.invite(forumId, [annId, bobId])).toMatchObject([
    { userId: "42", outcome: "added" },
    { userId: "43", outcome: "refused", reason: "USER_KICKED" },
  ]);
  expect(rig.asked).toHaveLength(3);
});

test("invite adds to a basic group one by one, and knows who was in it", async () => {
  await using rig = await open({
    "messages.addChatUser": ({ user_id }) => {
      if (typeof user_id === "object" && "user_id" in user_id && user_id.user_id === 43n) {
        throw new RpcError(400, "USER_ALREADY_PARTICIPANT");
      }
      return invited();
    },
  });
  expect<unknown>(await rig.telegram.invite(clubId, [annId, bobId])).toEqual([
    { userId: "42", outcome: "added", reason: null },
    { userId: "43", outcome: "already", reason: null },
  ]);
  expect(rig.asked).toMatchObject([{ chat_id: 7n }, { chat_id: 7n }]);
});

test.each([
  ["CHAT_ADMIN_REQUIRED", 400, "RIGHTS"],
  ["PEER_FLOOD", 400, "FLOOD_BLOCK"],
])("invite throws %s, which is not about the person", async (name, code, category) => {
  await using rig = await open({ "channels.inviteToChannel": refuse(code, name) });
  await expect(rig.telegram.invite(forumId, [annId, bobId])).rejects.toMatchObject({ code: name, category });
  expect(rig.asked).toHaveLength(1);
});

test("invite says who had been added when the account is stopped on the way", async () => {
  let calls = 0;
  await using rig = await open({
    "messages.addChatUser": () => {
      calls += 1;
      if (calls === 2) throw new RpcError(400, "PEER_FLOOD");
      return invited();
    },
  });
  const inviting = rig.telegram.invite(clubId, [annId, bobId]);
  await expect(inviting).rejects.toMatchObject({ code: "PEER_FLOOD", data: { added: ["42"] } });
});

test("invite refuses none, more than twenty, and a chat that takes nobody", async () => {
  await using rig = await open({});
  const many = Array.from({ length: 21 }, (_, index) => parseChatId(String(100 + index)));
  await expect(rig.telegram.invite(forumId, [])).rejects.toMatchObject({ code: "CALL_INVALID" });
  await expect(rig.telegram.invite(forumId, many)).rejects.toMatchObject({ code: "CALL_INVALID" });
  await expect(rig.telegram.invite(annId, [bobId])).rejects.toMatchObject({ code: "PEER_WRONG_KIND" });
  await rig.peers.store.remember({ users: [tlUser(50, { min: true, firstName: "M" })], chats: [] });
  await expect(rig.telegram.invite(forumId, [parseChatId("50")])).rejects.toMatchObject({
    code: "PEER_NOT_FOUND",
  });
  expect(rig.asked).toEqual([]);
});
