import { describe, expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { startTestbed } from "../../runtime/testkit/index.ts";
import { temporaryFolder } from "../storage/fixture.ts";

describe("startTestbed()", () => {
  test("gives the owner's Telegram, and people who were there before the plugins", async () => {
    const lines: string[] = [];
    await using testbed = await startTestbed({
      prepare: ({ world, owner }) => {
        const ada = world.createUser({ firstName: "Ada" });
        world.addContact(owner.id, ada.id);
      },
      writeLog: (line) => void lines.push(line),
    });
    expect(await testbed.telegram.me()).toMatchObject({ id: testbed.owner.id, isSelf: true });
    expect(await testbed.telegram.contacts()).toMatchObject([{ user: { firstName: "Ada" } }]);
    expect(lines.join("")).toContain(`"state":"connecting"`);
  });

  test("says why a plugin did not start", async () => {
    await expect(startTestbed({ plugins: { autoresponder: { config: { rules: 7 } } } })).rejects.toThrow(
      /^Plugin "autoresponder" did not start: .*rules/,
    );
    await expect(startTestbed({ plugins: { nobody: {} } })).rejects.toThrow(
      /^Plugin "nobody" did not start: Cannot find plugin "nobody"/,
    );
  });

  test("removes the folder that it made, and keeps one that was given", async () => {
    const made = await startTestbed();
    await made[Symbol.asyncDispose]();
    await expect(stat(made.folder)).rejects.toThrow("ENOENT");
    await using folder = await temporaryFolder();
    const given = await startTestbed({ folder: folder.path });
    await given[Symbol.asyncDispose]();
    expect((await stat(given.folder)).isDirectory()).toBe(true);
  });
});

describe("Testbed.next()", () => {
  test("takes the first event that its predicate takes", async () => {
    await using testbed = await startTestbed();
    const { world, owner, next } = testbed;
    const ada = world.createUser({ firstName: "Ada" });
    const second = next("message.received", ({ text }) => text === "Two");
    for (const text of ["One", "Two", "Three"]) world.sendMessage({ fromId: ada.id, chatId: owner.id, text });
    expect(await second).toMatchObject({ text: "Two", sender: { displayName: "Ada" } });
  });

  test("fails by the event's name when none comes in its time", async () => {
    await using testbed = await startTestbed();
    await expect(testbed.next("user.typing", undefined, { timeoutMs: 20 })).rejects.toThrow(
      `No "user.typing" came within 20 ms`,
    );
  });
});
