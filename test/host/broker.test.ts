import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type PermissionSet,
  parseChatId,
  parseMessageId,
  parsePluginName,
  parseUserId,
  telegramScopes,
} from "../../runtime/contract/index.ts";
import { Broker } from "../../runtime/host/broker.ts";
import { grantsOf } from "../../runtime/host/grants.ts";
import { Guard } from "../../runtime/host/guard.ts";
import { OnceKeys } from "../../runtime/host/once-keys.ts";
import { ada, adaChat, chatWith, received } from "../support/sample-events.ts";
import { recordingTelegram } from "./recording-telegram.ts";

const name = parsePluginName("echo");
const everything: PermissionSet = {
  telegram: [...telegramScopes, "raw:messages.getStickers"],
  chats: ["*"],
  read: ["*"],
  write: ["*"],
};
const message = { chatId: adaChat.id, messageId: parseMessageId("5") };
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "broker-"));
  await symlink("/", join(folder, "out"));
  await symlink("state/key", join(folder, "hidden"));
  await symlink("/nowhere/file", join(folder, "dangling"));
});
afterAll(() => rm(folder, { recursive: true }));

async function createBroker(allow: PermissionSet, answers: Parameters<typeof recordingTelegram>[0] = {}) {
  const entry = { name, use: "echo", accounts: [], allow, deny: {}, config: {} };
  const counters = { events: 0, errors: 0, calls: 0, denied: 0 };
  const controller = new AbortController();
  const recording = recordingTelegram({ resolve: { chat: adaChat, user: ada }, ...answers });
  const guard = new Guard(
    name,
    await grantsOf(everything, entry, { baseFolder: folder, secretPaths: ["state/key"] }),
    counters,
  );
  const broker = new Broker({
    port: recording.port,
    guard,
    signal: () => controller.signal,
    baseFolder: folder,
    event: "message.received",
    onceKeys: new OnceKeys(name, null),
  });
  return { broker, counters, controller, ...recording };
}

describe("Broker", () => {
  test("lets no call through that is not granted", async () => {
    const { broker, calls, counters } = await createBroker({ chats: ["*"] });
    const denied = [
      broker.send("@ada", "hi"),
      broker.reply(message, "hi"),
      broker.edit(message, "hi"),
      broker.delete("@ada", [message.messageId]),
      broker.forward("@ada", [message.messageId], "me"),
      broker.react(message, "👍"),
      broker.read("@ada"),
      broker.typing("@ada"),
      broker.history("@ada"),
      broker.messages("@ada", [message.messageId]),
      broker.dialogs(),
      broker.search("x"),
      broker.search("x", { chat: "@ada" }),
      broker.resolve("@ada"),
      broker.participants("@ada"),
      broker.invite("@ada", ["@bob"]),
      broker.createInviteLink("@ada"),
      broker.inviteLinks("@ada"),
      broker.revokeInviteLink("@ada", "https://t.me/+x"),
      broker.joinRequests("@ada"),
      broker.answerJoinRequest("@ada", "@bob", true),
      broker.contacts(),
      broker.download(message, "./file"),
      broker.upload("@ada", { path: "./file", kind: "document" }),
      broker.invoke("messages.getStickers", {}),
    ];
    const results = await Promise.allSettled(denied);
    for (const result of results) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "PERMISSION_DENIED" } });
    }
    expect(calls).toEqual([]);
    expect(counters).toMatchObject({ calls: denied.length, denied: denied.length });
  });

  test("says what to add and where", async () => {
    const { broker } = await createBroker({});
    await expect(broker.send("@ada", "hi")).rejects.toMatchObject({
      message:
        'Cannot call telegram.send as plugin "echo" lacks messages:send: add "messages:send" to plugins.echo.allow.telegram',
    });
  });

  test("passes a granted call on with a signal that ends it, and its place in the line", async () => {
    const { broker, calls, controller } = await createBroker(everything);
    const bounds = { signal: controller.signal, priority: "interactive" } as const;
    await broker.send("@ada", "hi", { silent: true });
    expect(calls).toEqual([["send", "@ada", "hi", { silent: true, ...bounds }]]);
  });

  test("leaves a priority that the plugin names", async () => {
    const { broker, calls } = await createBroker(everything);
    await broker.send("@ada", "hi", { priority: "background" });
    expect(calls).toMatchObject([["send", "@ada", "hi", { priority: "background" }]]);
  });

  test("resolves a chat where grants are narrow, and calls by its id", async () => {
    const { broker, calls } = await createBroker({ ...everything, chats: ["@ada"] });
    await broker.send("https://t.me/ada", "hi");
    expect(calls.map(([method, chat]) => [method, chat])).toEqual([
      ["resolve", "https://t.me/ada"],
      ["send", "42"],
    ]);
  });

  test("refuses a chat that is not granted", async () => {
    const { broker, calls } = await createBroker({ ...everything, chats: ["channel"] });
    await expect(broker.send("@ada", "hi")).rejects.toMatchObject({
      message:
        'Cannot call telegram.send as plugin "echo" lacks chats "@ada": add "@ada" to plugins.echo.allow.chats',
    });
    await expect(broker.invoke("messages.getStickers", { peer: { userId: "42" } })).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    expect(calls.map(([method]) => method)).toEqual(["resolve", "resolve"]);
  });

  test("cuts dialogs and searches down to the granted chats", async () => {
    const other = chatWith("7");
    const page = {
      messages: [
        { chat: adaChat, sender: ada, forward: null },
        { chat: other, sender: ada, forward: null },
      ],
    };
    const { broker } = await createBroker(
      { ...everything, chats: ["42"] },
      { dialogs: [{ chat: adaChat }, { chat: other }], search: page },
    );
    expect(await broker.dialogs()).toHaveLength(1);
    expect((await broker.search("x")).messages).toHaveLength(1);
  });

  test("blanks login codes in what it returns, and does not forward them", async () => {
    const code = {
      ...received({ text: "Login code: 12345", chat: chatWith("777000") }),
      id: message.messageId,
    };
    const { broker, calls } = await createBroker(everything, {
      history: { messages: [code] },
      messages: [code, null],
    });
    const page = await broker.history(parseChatId("777000"));
    expect(page.messages[0]?.text).toBe("");
    expect((await broker.messages("me", []))[0]?.text).toBe("");
    await expect(broker.forward(parseChatId("777000"), [], "me")).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    expect(calls.map(([method]) => method)).not.toContain("forward");
  });

  test("passes on and deletes only what is in the chat that was named", async () => {
    const own = { ...received(), id: parseMessageId("5") };
    const { broker, calls } = await createBroker(
      { ...everything, chats: ["42"] },
      { messages: [own, null], delete: 1 },
    );
    await broker.delete("@ada", [parseMessageId("5"), parseMessageId("6")]);
    await broker.forward("@ada", [parseMessageId("5"), parseMessageId("6")], "@ada");
    const reached = calls.filter(([method]) => method === "delete" || method === "forward");
    expect(reached.map(([, , ids]) => ids)).toEqual([["5"], ["5"]]);
  });

  test("does not forward what was forwarded from the account of login codes", async () => {
    const code = {
      ...received({ chat: chatWith("7"), sender: { type: "user", ...ada, id: parseUserId("777000") } }),
    };
    const { broker, calls } = await createBroker(everything, {
      messages: [{ ...code, id: message.messageId }],
    });
    await expect(broker.forward(parseChatId("7"), [message.messageId], "me")).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    expect(calls.map(([method]) => method)).not.toContain("forward");
  });

  test("hands on what it checked, whatever becomes of the plugin's own objects", async () => {
    const { broker, calls } = await createBroker({ ...everything, chats: ["42"] });
    let asked = 0;
    const changing = {
      messageId: message.messageId,
      get chatId() {
        return parseChatId(asked++ === 0 ? "42" : "43");
      },
    };
    await broker.edit(changing, "hi");
    const parameters = { peer: { user_id: "42" } };
    const invoked = broker.invoke("messages.getStickers", parameters);
    parameters.peer.user_id = "43";
    await invoked;
    expect(
      calls
        .filter(([method]) => method !== "resolve")
        .map(([method, first, second]) => [method, first, second]),
    ).toEqual([
      ["edit", message, "hi"],
      ["invoke", "messages.getStickers", { peer: { user_id: "42" } }],
    ]);
  });

  test("refuses a raw call that may reach chats which are not granted", async () => {
    const { broker, calls } = await createBroker(
      { ...everything, chats: ["-100"] },
      { resolve: { chat: adaChat, user: ada } },
    );
    for (const parameters of [{}, { id: [5] }, { peer: { _: "inputPeerSelf" } }]) {
      await expect(broker.invoke("messages.getStickers", parameters)).rejects.toMatchObject({
        code: "PERMISSION_DENIED",
      });
    }
    expect(calls.map(([method]) => method)).not.toContain("invoke");
  });

  test("keeps login codes out of raw calls, asked for by name or met by chance", async () => {
    const from = { _: "peerUser", user_id: "777000" };
    const { broker } = await createBroker(everything, {
      invoke: {
        messages: [
          { _: "message", peer_id: from, message: "Login code: 12345" },
          { _: "message", peer_id: { user_id: "5" }, fwd_from: { from_id: from }, message: "12345" },
          { _: "message", peer_id: { user_id: "5" }, fwd_from: { saved_from_peer: from }, message: "12345" },
          { _: "message", peer_id: { user_id: "5" }, saved_peer_id: from, message: "12345" },
          { _: "updateShortMessage", user_id: "777000", message: "12345" },
          { _: "updateServiceNotification", type: "", message: "12345" },
          {
            _: "message",
            peer_id: { user_id: "5" },
            message: "hello",
            reply_to: { _: "messageReplyHeader", reply_to_peer_id: from, quote_text: "12345" },
          },
          {
            _: "message",
            peer_id: { user_id: "5" },
            message: "look",
            reply_to: { _: "messageReplyHeader", reply_from: { from_id: from }, quote_text: "12345" },
          },
        ],
      },
    });
    await expect(
      broker.invoke("messages.getStickers", { peer: { _: "inputPeerUser", user_id: "777000" } }),
    ).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    const answer = JSON.stringify(await broker.invoke("messages.getStickers", {}));
    expect(answer).not.toContain("12345");
    expect(answer).toContain("hello");
    expect(answer).toContain("look");
    const media = { chatId: parseChatId("777000"), messageId: parseMessageId("5") };
    await expect(broker.download(media, "x")).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });

  test.each(["state/key", "state/key-wal", "hidden"])(
    "never opens the program's secrets: %s",
    async (path) => {
      const { broker, calls } = await createBroker(everything);
      await expect(broker.upload("@ada", { path, kind: "document" })).rejects.toMatchObject({
        message: expect.stringContaining("keeps its secrets"),
      });
      await expect(broker.download(message, path)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
      expect(calls).toEqual([]);
    },
  );

  test("follows a link that points to nothing yet", async () => {
    const { broker } = await createBroker({ ...everything, write: [folder] });
    await expect(broker.download(message, "dangling")).rejects.toMatchObject({
      data: { value: "/nowhere/file" },
    });
  });

  test("writes inside the granted folder, links followed", async () => {
    const { broker, calls } = await createBroker({ ...everything, write: ["./archive", "./out/nowhere"] });
    await broker.download(message, "archive/a/b.jpg");
    expect(calls.map(([method]) => method)).toEqual(["download"]);
    await expect(broker.download(message, "archive/../secret")).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    const { broker: linked } = await createBroker({ ...everything, write: [folder] });
    await expect(linked.download(message, "out/etc/passwd")).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
  });
});
