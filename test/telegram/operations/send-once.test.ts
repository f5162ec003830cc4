import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAccountName } from "../../../runtime/contract/index.ts";
import type { UserView, World } from "../../../runtime/emulator/index.ts";
import { onceId } from "../../../runtime/telegram/operations/send-once.ts";
import { type EmulatedAccount, openEmulatedAccount } from "../support/emulated-account.ts";

let rig: EmulatedAccount;
let world: World;
let ann: UserView;
let folder: string;

beforeAll(async () => {
  rig = await openEmulatedAccount();
  world = rig.emulator.world;
  ann = world.createUser({ firstName: "Ann", username: "annlee" });
  folder = await mkdtemp(join(tmpdir(), "send-once-"));
  await Bun.write(join(folder, "note.txt"), "a note");
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const annsTexts = () => world.messages(ann.id, rig.owner.id).map(({ text }) => text);

/** As after a kill between Telegram's answer and the note of it. */
const forgetWhatWasSent = () => rig.storage.sentMessages.prune(Number.MAX_SAFE_INTEGER);

describe("a send that has a name", () => {
  test("is made once, and the repetition returns the first message", async () => {
    const first = await rig.telegram.send("@annlee", "once", { onceKey: "a" });
    expect(await rig.telegram.send("@annlee", "once again", { onceKey: "a" })).toEqual(first);
    const other = await rig.telegram.send("@annlee", "another", { onceKey: "b" });
    expect(other.id).not.toBe(first.id);
    expect(annsTexts().filter((text) => text.startsWith("once"))).toEqual(["once"]);
  });

  test("is found in the chat when nothing was noted of it", async () => {
    const first = await rig.telegram.send("@annlee", "noted nowhere", { onceKey: "c" });
    await forgetWhatWasSent();
    const second = await rig.telegram.send("@annlee", "noted nowhere", { onceKey: "c" });
    expect(second.id).toBe(first.id);
    expect(annsTexts().filter((text) => text === "noted nowhere")).toHaveLength(1);
    await rig.telegram.delete("@annlee", [first.id]);
    expect(await rig.telegram.send("@annlee", "noted nowhere", { onceKey: "c" })).toEqual(second);
  });

  test("is found behind what was written in the chat since", async () => {
    const first = await rig.telegram.send("@annlee", "far above", { onceKey: "g" });
    await forgetWhatWasSent();
    for (let index = 0; index < 230; index++) {
      world.sendMessage({ fromId: ann.id, chatId: rig.owner.id, text: `later ${index}` });
    }
    expect((await rig.telegram.send("@annlee", "far above", { onceKey: "g" })).id).toBe(first.id);
    expect(annsTexts().filter((text) => text === "far above")).toHaveLength(1);
  });

  test("says so when it was made, and its message is gone", async () => {
    const first = await rig.telegram.send("@annlee", "soon gone", { onceKey: "d" });
    await forgetWhatWasSent();
    await rig.telegram.delete("@annlee", [first.id]);
    await expect(rig.telegram.send("@annlee", "soon gone", { onceKey: "d" })).rejects.toMatchObject({
      code: "SENT_MESSAGE_UNKNOWN",
      retryable: false,
    });
  });

  test("may forward several messages, and a repetition those that are left", async () => {
    const sources = [await rig.telegram.send("me", "one"), await rig.telegram.send("me", "two")];
    const ids = sources.map(({ id }) => id);
    const first = await rig.telegram.forward("me", ids, "@annlee", { onceKey: "e" });
    expect(first.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(await rig.telegram.forward("me", ids.slice(1), "@annlee", { onceKey: "e" })).toEqual([
      ...first.slice(1),
    ]);
    await forgetWhatWasSent();
    expect(await rig.telegram.forward("me", ids, "@annlee", { onceKey: "e" })).toMatchObject(
      first.map(({ id }) => ({ id })),
    );
    expect(annsTexts().filter((text) => text === "two")).toHaveLength(1);
  });

  test("may be a file, which is not uploaded again", async () => {
    const file = { path: join(folder, "note.txt"), kind: "document", caption: "note" } as const;
    const first = await rig.telegram.upload("@annlee", file, { onceKey: "f" });
    await rm(file.path);
    expect(await rig.telegram.upload("@annlee", file, { onceKey: "f" })).toEqual(first);
    expect(annsTexts().filter((text) => text === "note")).toHaveLength(1);
  });

  test("without a name every call sends", async () => {
    await rig.telegram.send("@annlee", "twice");
    await rig.telegram.send("@annlee", "twice");
    expect(annsTexts().filter((text) => text === "twice")).toHaveLength(2);
  });
});

describe("onceId()", () => {
  test("is the same for ever, and another for another account, name, or part", () => {
    const [me, other] = [parseAccountName("me"), parseAccountName("other")];
    expect(String(onceId(me, "a", ""))).toBe(String(onceId(me, "a", "")));
    const ids = [onceId(me, "a", ""), onceId(other, "a", ""), onceId(me, "b", ""), onceId(me, "a", "1")];
    expect(new Set(ids.map(String)).size).toBe(4);
  });
});
