import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type Message, parsePluginName, parseUserId } from "../../runtime/contract/index.ts";
import { openStorage } from "../../runtime/storage/index.ts";
import { received } from "../support/sample-events.ts";
import { me, memoryStorage, newVault, other, sessionOf, temporaryFolder } from "./fixture.ts";

const echo = parsePluginName("echo");
const archive = parsePluginName("archive");
const failure = { plugin: echo, chatId: null, attempts: 5, error: { code: "BROKEN", message: "Cannot" } };

const batch = (events: readonly ReturnType<typeof received>[]) => [{ account: me, events, state: null }];

describe("JournalRepository", () => {
  test("append() numbers events in order, once each, and never uses a number again", async () => {
    let nowMs = 1_000;
    await using storage = await memoryStorage(() => nowMs);
    const [first, second] = [received(), received()];
    expect(await storage.journal.append(batch([first, second, first]))).toEqual([[1, 2, null]]);
    nowMs = 1e9;
    const all = { handledBeforeMs: nowMs, anyBeforeMs: nowMs, limit: 10 };
    expect(await storage.journal.prune(all)).toEqual({ forgotten: 2, unhandled: 0 });
    const [[next = null] = []] = await storage.journal.append(batch([received()]));
    expect(next).toBeGreaterThan(2);
    expect(await storage.journal.head()).toBe(Number(next));
  });

  test("append() writes nothing of a group whose last batch fails", async () => {
    await using storage = await memoryStorage();
    const broken = { account: me, events: [received()], state: { account: { pts: "x" } } };
    // A state that no caller could make, to have the transaction fail at its end.
    const group = [...batch([received()]), broken as never];
    await expect(storage.journal.append(group)).rejects.toThrow();
    expect(await storage.journal.read(0, 10)).toEqual([]);
  });

  test("keeps texts sealed on the disk, and a row that was changed from holding up the next", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await using storage = await openStorage({ path, vault: newVault() });
    const events = [received({ text: "zebrafish at the quay" }), received()];
    await storage.journal.append(batch(events));
    const files = await Promise.all([path, `${path}-wal`].map((name) => Bun.file(name).text()));
    expect(files.join()).not.toContain("zebrafish");
    {
      using connection = new Database(path);
      connection.run("UPDATE journal_events SET sealed = zeroblob(100) WHERE seq = 1");
    }
    const read = await storage.journal.read(0, 10);
    expect(read.map(({ event }) => event)).toEqual([null, events[1] ?? null]);
  });

  test("opens nothing with another key, and says so", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    {
      await using storage = await openStorage({ path, vault: newVault() });
      await storage.journal.append(batch([received()]));
    }
    await using storage = await openStorage({ path, vault: newVault() });
    await expect(storage.journal.read(0, 10)).rejects.toMatchObject({ code: "VAULT_WRONG_KEY" });
  });

  test("remembers where each plugin stands, what it handled beyond, and what it was given in vain", async () => {
    await using storage = await memoryStorage();
    const { journal } = storage;
    await journal.enroll([echo, archive]);
    await journal.append(batch([received(), received(), received(), received()]));
    await journal.noteAttempts(echo, 2, 3);
    await journal.noteAttempts(echo, 2, 2);
    await journal.acknowledge([
      { plugin: echo, throughSeq: 1, beyond: [3, 4] },
      { plugin: archive, throughSeq: 4, beyond: [] },
    ]);
    expect(await journal.placeOf(echo)).toEqual({
      throughSeq: 1,
      handled: new Set([3, 4]),
      attempts: new Map([[2, 2]]),
    });
    await journal.acknowledge([{ plugin: echo, throughSeq: 4, beyond: [] }]);
    expect(await journal.placeOf(echo)).toEqual(await journal.placeOf(archive));
  });

  test("knows how much waits for each plugin, and since when", async () => {
    await using storage = await memoryStorage();
    const { journal } = storage;
    await journal.enroll([echo, archive]);
    expect(await journal.backlogs()).toEqual([
      { plugin: archive, unhandled: 0, oldestAtMs: null },
      { plugin: echo, unhandled: 0, oldestAtMs: null },
    ]);
    await journal.append(batch([1, 2, 3, 4].map((receivedAtMs) => received({ receivedAtMs }))));
    await journal.acknowledge([
      { plugin: echo, throughSeq: 1, beyond: [2, 4] },
      { plugin: archive, throughSeq: 4, beyond: [] },
    ]);
    expect(await journal.backlogs()).toEqual([
      { plugin: archive, unhandled: 0, oldestAtMs: null },
      { plugin: echo, unhandled: 1, oldestAtMs: 3 },
    ]);
  });

  test("enroll() forgets plugins that are gone, so that nothing waits for them", async () => {
    await using storage = await memoryStorage();
    const { journal } = storage;
    await journal.enroll([echo, archive]);
    await journal.append(batch([received({ receivedAtMs: 1 })]));
    await journal.acknowledge([{ plugin: echo, throughSeq: 1, beyond: [] }]);
    const pruning = { handledBeforeMs: 100, anyBeforeMs: 0, limit: 10 };
    expect((await journal.prune(pruning)).forgotten).toBe(0);
    await journal.enroll([echo]);
    expect((await journal.prune(pruning)).forgotten).toBe(1);
    await journal.acknowledge([{ plugin: archive, throughSeq: 1, beyond: [] }]);
    expect((await journal.placeOf(archive)).throughSeq).toBe(1);
  });

  test("forgets the events of an account when another person logs in", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.save(sessionOf());
    await storage.journal.append([
      ...batch([received()]),
      { account: other, events: [received()], state: null },
    ]);
    await storage.sessions.save(sessionOf({ userId: parseUserId("43") }));
    expect((await storage.journal.read(0, 10)).map(({ seq }) => seq)).toEqual([2]);
  });
});

describe("DeadLetterRepository", () => {
  test("replay() gives the event to its plugin alone, and takes the letter off the list", async () => {
    await using storage = await memoryStorage();
    const event = received();
    await storage.journal.append(batch([event]));
    const id = await storage.deadLetters.add({ ...failure, event });
    expect(await storage.deadLetters.count()).toBe(1);
    expect(await storage.deadLetters.list(10)).toMatchObject([
      { id, plugin: echo, eventId: event.id, attempts: 5 },
    ]);
    await storage.deadLetters.replay(id);
    expect(await storage.deadLetters.list(10)).toEqual([]);
    expect(await storage.journal.read(1, 10)).toEqual([{ seq: 2, onlyFor: echo, event }]);
  });

  test("drop() forgets one, and prune() those that are old", async () => {
    let nowMs = 1;
    await using storage = await memoryStorage(() => nowMs);
    await storage.journal.append(batch([received()]));
    await storage.deadLetters.drop(await storage.deadLetters.add({ ...failure, event: received() }));
    await storage.deadLetters.add({ ...failure, event: received() });
    nowMs = 100;
    await storage.deadLetters.add({ ...failure, event: received() });
    expect(await storage.deadLetters.prune(100)).toBe(1);
    expect(await storage.deadLetters.list(10)).toHaveLength(1);
  });

  test.each(["9", "x", "1e3"])("knows no letter of the number %p", async (id) => {
    await using storage = await memoryStorage();
    for (const act of [storage.deadLetters.replay, storage.deadLetters.drop]) {
      await expect(act(id)).rejects.toMatchObject({ code: "DEAD_LETTER_UNKNOWN", category: "NOT_FOUND" });
    }
  });

  test("replay() says when the event was damaged, and keeps the letter", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await using storage = await openStorage({ path, vault: newVault() });
    await storage.journal.append(batch([received()]));
    const id = await storage.deadLetters.add({ ...failure, event: received() });
    {
      using connection = new Database(path);
      connection.run("UPDATE dead_letters SET sealed = zeroblob(100)");
    }
    await expect(storage.deadLetters.replay(id)).rejects.toMatchObject({ code: "DEAD_LETTER_DAMAGED" });
    expect(await storage.deadLetters.list(10)).toHaveLength(1);
  });
});

describe("SentMessageRepository", () => {
  test("finds what was sent under a number, by account, until it is pruned", async () => {
    let nowMs = 1;
    await using storage = await memoryStorage(() => nowMs);
    const { direction, chat, sender, text } = received();
    // As much of a message as the repository looks at, which is nothing.
    const message = { id: "5", direction, chat, sender, text } as unknown as Message;
    await storage.sentMessages.put(me, new Map([["-7", message]]));
    nowMs = 100;
    await storage.sentMessages.put(me, new Map([["-7", { ...message, text: "other" }]]));
    expect(await storage.sentMessages.find(me, "-7")).toEqual(message);
    expect(await storage.sentMessages.find(other, "-7")).toBeNull();
    expect(await storage.sentMessages.prune(50)).toBe(1);
    expect(await storage.sentMessages.find(me, "-7")).toBeNull();
  });
});
