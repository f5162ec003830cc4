import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Api, type TelegramClient } from "telegram";
import {
  type ChatView,
  type Emulator,
  startEmulator,
  type UserView,
} from "../../../runtime/emulator/index.ts";
import { connectedTo, Inbox, refusalOf, signIn } from "./signed-in.ts";

let emulator: Emulator;
let client: TelegramClient;
let ada: UserView;
let bob: UserView;
let shy: UserView;
let channel: ChatView;

beforeEach(async () => {
  emulator = await startEmulator();
  const { world } = emulator;
  ada = world.createUser({ firstName: "Ada", phone: "+15550001" });
  bob = world.createUser({ firstName: "Bob", username: "bobby" });
  shy = world.createUser({ firstName: "Shy", username: "shy_one", invites: "nobody" });
  channel = world.createChannel({ title: "News", creatorId: ada.id, username: "the_news" });
  client = await connectedTo(emulator);
  await signIn(emulator, client, "+15550001");
});
afterEach(async () => {
  await client.destroy();
  await emulator.stop();
});

const memberIds = () => emulator.world.members(channel.id).map(({ userId }) => userId);

describe("channels methods", () => {
  test("add who can be added and name who refuses", async () => {
    const answer = await client.invoke(
      new Api.channels.InviteToChannel({ channel: "the_news", users: ["bobby", "shy_one"] }),
    );
    expect(answer.missingInvitees.map(({ userId }) => userId.toString())).toEqual([shy.id]);
    expect(memberIds()).toEqual([ada.id, bob.id]);
  });

  test("refuse who left by themselves, and strangers without rights", async () => {
    const invite = () =>
      refusalOf(client.invoke(new Api.channels.InviteToChannel({ channel: "the_news", users: ["bobby"] })));
    emulator.world.join(bob.id, channel.id);
    emulator.world.leave(bob.id, channel.id);
    expect(await invite()).toBe("USER_NOT_MUTUAL_CONTACT");
    const other = emulator.world.createChannel({ title: "Other", creatorId: bob.id, username: "the_other" });
    emulator.world.join(ada.id, other.id);
    const call = client.invoke(
      new Api.channels.InviteToChannel({ channel: "the_other", users: ["shy_one"] }),
    );
    expect(await refusalOf(call)).toBe("CHAT_ADMIN_REQUIRED");
    expect(await refusalOf(client.sendMessage("the_other", { message: "hi" }))).toBe("CHAT_ADMIN_REQUIRED");
  });

  test("let people in by a link until it is revoked", async () => {
    const link = await client.invoke(
      new Api.messages.ExportChatInvite({ peer: "the_news", title: "spring" }),
    );
    if (!(link instanceof Api.ChatInviteExported)) throw new Error("No link came");
    emulator.world.joinByLink(bob.id, link.link);
    expect(memberIds()).toContain(bob.id);
    await client.invoke(
      new Api.messages.EditExportedChatInvite({ peer: "the_news", link: link.link, revoked: true }),
    );
    expect(() => emulator.world.joinByLink(shy.id, link.link)).toThrow("INVITE_HASH_EXPIRED");
    expect(emulator.world.inviteLinks(channel.id)).toMatchObject([
      { title: "spring", usageCount: 1, isRevoked: true },
    ]);
  });

  test("hold a join request until an admin answers", async () => {
    const inbox = new Inbox(client);
    const { url } = emulator.world.createInviteLink({
      chatId: channel.id,
      adminId: ada.id,
      needsApproval: true,
    });
    expect(() => emulator.world.joinByLink(shy.id, url)).toThrow("INVITE_REQUEST_SENT");
    expect((await inbox.first(Api.UpdatePendingJoinRequests)).requestsPending).toBe(1);
    const { importers, users } = await client.invoke(
      new Api.messages.GetChatInviteImporters({
        peer: "the_news",
        requested: true,
        offsetDate: 0,
        offsetUser: new Api.InputUserEmpty(),
        limit: 10,
      }),
    );
    expect([importers.length, users.length]).toEqual([1, 1]);
    await client.invoke(
      new Api.messages.HideChatJoinRequest({ peer: "the_news", userId: "shy_one", approved: true }),
    );
    expect(memberIds()).toContain(shy.id);
    expect(emulator.world.joinRequests(channel.id)).toEqual([]);
  });

  test("give a channel's difference to who was away", async () => {
    const entity = await client.getInputEntity("the_news");
    const full = await client.invoke(new Api.channels.GetFullChannel({ channel: entity }));
    if (!(full.fullChat instanceof Api.ChannelFull)) throw new Error("No channel came");
    const { pts } = full.fullChat;
    const sent = emulator.world.sendMessage({ fromId: ada.id, chatId: channel.id, text: "one" });
    emulator.world.sendMessage({ fromId: ada.id, chatId: channel.id, text: "two" });
    emulator.world.deleteMessages({ userId: ada.id, chatId: channel.id, messageIds: [sent.id] });
    const filter = new Api.ChannelMessagesFilterEmpty();
    const difference = await client.invoke(
      new Api.updates.GetChannelDifference({ channel: entity, filter, pts, limit: 100 }),
    );
    if (!(difference instanceof Api.updates.ChannelDifference)) throw new Error("No difference came");
    expect([difference.final, difference.pts, difference.newMessages.length]).toEqual([true, pts + 3, 1]);
    expect(difference.otherUpdates[0]).toBeInstanceOf(Api.UpdateDeleteChannelMessages);
  });

  test("list members, ban them, and make admins", async () => {
    emulator.world.join(bob.id, channel.id);
    const names = async () =>
      (await client.getParticipants("the_news", {})).map(({ firstName }) => firstName);
    expect(await names()).toEqual(["Ada", "Bob"]);
    const adminRights = new Api.ChatAdminRights({ postMessages: true });
    await client.invoke(
      new Api.channels.EditAdmin({ channel: "the_news", userId: "bobby", adminRights, rank: "" }),
    );
    emulator.world.sendMessage({ fromId: bob.id, chatId: channel.id, text: "as admin" });
    const bannedRights = new Api.ChatBannedRights({ viewMessages: true, untilDate: 0 });
    await client.invoke(
      new Api.channels.EditBanned({ channel: "the_news", participant: "bobby", bannedRights }),
    );
    expect(await names()).toEqual(["Ada"]);
    const call = client.invoke(
      new Api.channels.GetParticipant({ channel: "the_news", participant: "shy_one" }),
    );
    expect(await refusalOf(call)).toBe("USER_NOT_PARTICIPANT");
  });

  test("push a channel's messages to its members", async () => {
    const other = emulator.world.createSupergroup({ title: "Talk", creatorId: bob.id, memberIds: [ada.id] });
    const inbox = new Inbox(client);
    emulator.world.sendMessage({ fromId: bob.id, chatId: other.id, text: "hi all" });
    const { message } = await inbox.first(
      Api.UpdateNewChannelMessage,
      (update) => update.message instanceof Api.Message,
    );
    expect(message instanceof Api.Message && message.message).toBe("hi all");
  });

  test("make a basic group and talk in it", async () => {
    const answer = await client.invoke(
      new Api.messages.CreateChat({ users: ["bobby", "shy_one"], title: "Lunch" }),
    );
    expect(answer.missingInvitees.map(({ userId }) => userId.toString())).toEqual([shy.id]);
    const group = emulator.world.chats().find(({ title }) => title === "Lunch");
    emulator.world.sendMessage({ fromId: bob.id, chatId: group?.id ?? "", text: "noon?" });
    const texts = (await client.getMessages(group?.id ?? "", { limit: 10 })).map(({ message }) => message);
    expect(texts).toContain("noon?");
  });
});
