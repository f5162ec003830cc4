import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { startTestbed } from "../../runtime/testkit/index.ts";
import { pluginFile } from "./plugin-file.ts";

const echo = `on("message.received", async (message, { telegram }) => {
  await telegram.reply({ chatId: message.chat.id, messageId: message.messageId }, "You said: " + message.text);
});`;

describe("Person", () => {
  test("acts, and the account hears of each act", async () => {
    await using bed = await startTestbed();
    const ada = bed.person("Ada Lovelace", { username: "ada_l", isContact: true });
    const message = await ada.writes("Helo");
    expect(message).toMatchObject({ type: "message.received", text: "Helo", chat: { id: ada.id } });
    expect(message.sender).toMatchObject({ displayName: "Ada Lovelace", username: "ada_l", isContact: true });
    expect(await ada.edits(message, "Hello")).toMatchObject({ text: "Hello", messageId: message.messageId });
    const answer = await bed.owner.writes("Hi", { to: ada, replyTo: message });
    expect(answer).toMatchObject({ type: "message.sent", replyTo: { messageId: message.messageId } });
    expect(await ada.reacts(answer, "👍")).toMatchObject({
      messageId: answer.messageId,
      reactions: [{ reaction: "👍", count: 1 }],
    });
    const bytes = new TextEncoder().encode("a drawing");
    const file = await ada.sends({ kind: "document", bytes, fileName: "engine.txt" }, { caption: "See" });
    expect(file).toMatchObject({ text: "See", media: { kind: "document", fileName: "engine.txt" } });
    expect(await ada.types()).toMatchObject({ chat: { id: ada.id } });
    await ada.deletes(message);
    expect(await bed.telegram.messages(ada.id, [message.messageId])).toEqual([null]);
  });

  test.each(["group", "supergroup"] as const)("acts in a %s as others do", async (kind) => {
    await using bed = await startTestbed();
    const [ada, bob] = [bed.person("Ada"), bed.person("Bob")];
    const club = bed[kind]("Club", { creator: ada, members: [bed.owner] });
    expect(club.members()).toEqual([ada.id, bed.owner.id]);
    expect(await bob.joins(club)).toMatchObject({ chat: { id: club.id }, user: { id: bob.id } });
    const message = await bob.writes("Hello, club", { to: club });
    expect(message).toMatchObject({ chat: { id: club.id, kind }, sender: { id: bob.id } });
    expect(await ada.reacts(message, "❤")).toMatchObject({ messageId: message.messageId });
    const answer = await ada.writes("Welcome", { to: club, replyTo: message });
    expect(answer.replyTo?.messageId).toBe(message.messageId);
    expect(await bob.leaves(club)).toMatchObject({ how: "left", user: { id: bob.id } });
  });

  test("tells two alike messages of a chat apart", async () => {
    await using bed = await startTestbed();
    const ada = bed.person("Ada");
    const bob = bed.person("Bob");
    await bob.writes("Hi");
    const [first, second] = [await ada.writes("Hi"), await ada.writes("Hi")];
    await ada.edits(second, "Hi again");
    const texts = await bed.telegram.messages(ada.id, [first.messageId, second.messageId]);
    expect(texts.map((message) => message?.text)).toEqual(["Hi", "Hi again"]);
  });

  test("says where the account would not hear of an act", async () => {
    await using bed = await startTestbed();
    const [ada, bob] = [bed.person("Ada"), bed.person("Bob")];
    const club = bed.supergroup("Club", { creator: ada, members: [bob] });
    await expect(bob.writes("Hi", { to: club })).rejects.toThrow("Bob must write where the account is");
    await expect(bob.writes("Hi", { to: ada })).rejects.toThrow("Bob must write where the account is");
    await expect(bed.owner.writes("Hi")).rejects.toThrow("Olivia must say to whom");
  });

  test("cannot act before the account is online", async () => {
    const prepared = startTestbed({
      prepare: async (stage) => void (await stage.person("Ada").writes("Hi")),
    });
    await expect(prepared).rejects.toThrow("Nobody can act while the test is prepared");
  });
});

describe("Testbed.sent()", () => {
  test("gives each message of plugins once, the oldest that fits, and none of the owner's own", async () => {
    await using plugin = await pluginFile("echo", echo);
    await using bed = await startTestbed(plugin.path);
    const [ada, bob] = [bed.person("Ada"), bed.person("Bob")];
    await bed.owner.writes("By hand", { to: ada });
    await ada.writes("One");
    await bob.writes("Two");
    await ada.writes("Three");
    expect((await bed.sent({ to: bob })).text).toBe("You said: Two");
    expect((await bed.sent({ text: /Three$/ })).text).toBe("You said: Three");
    expect((await bed.sent()).text).toBe("You said: One");
    await bed.quiet();
    expect(bed.outbox()).toEqual([]);
  });

  test("says what happened instead when nothing fits in its time", async () => {
    await using plugin = await pluginFile("echo", echo);
    await using bed = await startTestbed(plugin.path);
    const ada = bed.person("Ada");
    const bob = bed.person("Bob");
    await ada.writes("One");
    await bed.quiet();
    await expect(bed.sent({ to: bob, text: "Two" }, { timeoutMs: 10 })).rejects.toThrow(
      'No message "Two" went to Bob within 10 ms: "You said: One" went to Ada',
    );
  });

  test("says why the plugin failed, when it did", async () => {
    await using plugin = await pluginFile(
      "odd",
      `on("message.received", () => { throw new Error("odd number"); });`,
    );
    await using bed = await startTestbed(plugin.path);
    await bed.person("Ada").writes("One");
    await expect(bed.sent({}, { timeoutMs: 100 })).rejects.toThrow(
      /plugin "odd" failed: Cannot finish handler/,
    );
    await expect(bed.quiet({ timeoutMs: 10 })).rejects.toThrow('"odd" has 1 "message.received" left');
  });
});

describe("Testbed.refused()", () => {
  test("gives each refusal once, with the permission, the call, and what it was about", async () => {
    const text = `on("message.received", async (message, { telegram }) => {
      await http.request("https://example.com/").catch(() => undefined);
      await telegram.send(message.chat.id, "Hi");
    });`;
    await using plugin = await pluginFile("caller", text);
    await using bed = await startTestbed(plugin.path, { deny: { net: ["*"], telegram: ["messages:send"] } });
    const ada = bed.person("Ada");
    await ada.writes("Hi");
    expect(await bed.refused({ permission: "telegram" })).toEqual({
      plugin: "caller",
      call: "telegram.send",
      permission: "telegram",
      target: ada.id,
    });
    expect(await bed.refused()).toMatchObject({ call: "http.request GET", permission: "net" });
    await bed.quiet();
    expect(bed.refusals()).toEqual([]);
    expect(bed.outbox()).toEqual([]);
  });

  test("says what was refused instead when nothing fits in its time", async () => {
    await using plugin = await pluginFile("echo", echo);
    await using bed = await startTestbed(plugin.path, {
      allow: { telegram: ["messages:read"], chats: ["*"] },
    });
    await bed.person("Ada").writes("Hi");
    await bed.quiet();
    await expect(bed.refused({ permission: "net" }, { timeoutMs: 10 })).rejects.toThrow(
      `No refusal like {"permission":"net"} came within 10 ms: "echo" was refused telegram.reply`,
    );
  });
});

describe("TestClock.advance()", () => {
  const timed = `
    let count = 0;
    schedule.cron("daily", "0 9 * * *", async (due, { telegram }) => {
      await telegram.send("me", "Day " + ++count + " at " + new Date(clock.now()).toISOString());
    }, { timeZone: "UTC" });
    on("message.received", async (message, { telegram }) => {
      await clock.sleep(90_000);
      await telegram.reply({ chatId: message.chat.id, messageId: message.messageId }, "Late");
    });`;
  const startsAt = "2026-03-02T08:59:00Z";

  test("lets schedules fall due one after another, each at its time", async () => {
    await using plugin = await pluginFile("timed", timed);
    await using bed = await startTestbed(plugin.path, { startsAt });
    await bed.clock.advance(59_999);
    expect(bed.outbox()).toEqual([]);
    await bed.clock.advance(2 * 86_400_000 + 1);
    for (const day of [1, 2, 3]) {
      expect((await bed.sent()).text).toBe(`Day ${day} at 2026-03-0${day + 1}T09:00:00.000Z`);
    }
    expect(bed.clock.now()).toBe(Date.parse("2026-03-04T09:00:00Z"));
  });

  test("wakes handlers that sleep, and dates messages", async () => {
    await using plugin = await pluginFile("timed", timed);
    await using bed = await startTestbed(plugin.path, { startsAt });
    const ada = bed.person("Ada");
    expect((await ada.writes("Now")).sentAtMs).toBe(Date.parse(startsAt));
    await expect(bed.sent({}, { timeoutMs: 50 })).rejects.toThrow(
      "the time stands still until clock.advance",
    );
    await bed.clock.advance(90_000);
    expect(await bed.sent({ to: ada })).toMatchObject({
      text: "Late",
      sentAtMs: Date.parse(startsAt) + 90_000,
    });
  });

  test("refuses to move the machine's time, and a start that is no date", async () => {
    await using bed = await startTestbed();
    await expect(bed.clock.advance(1)).rejects.toThrow("start the testbed with startsAt");
    await expect(startTestbed({ startsAt: "noon" })).rejects.toThrow('Cannot start at "noon"');
  });
});

test("startTestbed(use) takes a folder, a file, and a file URL, and names the entry after the plugin", async () => {
  await using plugin = await pluginFile("echo", echo);
  for (const use of [plugin.path, plugin.folder, Bun.pathToFileURL(join(plugin.folder, "index.ts")).href]) {
    await using bed = await startTestbed(use);
    expect(bed.app.host.list().map<string>(({ name }) => name)).toEqual([plugin.name]);
  }
});
