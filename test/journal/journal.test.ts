import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { MessageReceived } from "../../runtime/contract/index.ts";
import { openStorage } from "../../runtime/storage/index.ts";
import { me, memoryStorage, newVault, other, temporaryFolder } from "../storage/fixture.ts";
import { chatWith } from "../support/sample-events.ts";
import { idsOf, liveOn, messages, reader } from "./fixture.ts";

describe("Journal.commit()", () => {
  test("hands events to the plugin in their order, and others listen beside it", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage);
    const heard: string[] = [];
    life.bus.subscribe("message.received", undefined, ({ id }) => void heard.push(id), { owner: "demo" });
    await life.journal.enroll([reader]);
    life.subscribe();
    await life.journal.open(reader);
    const events = messages(5);
    await Promise.all([life.receive(events.slice(0, 2)), life.receive(events.slice(2))]);
    expect(life.seen).toEqual(events.map(({ id }) => [id, 0]));
    expect(heard).toEqual([...idsOf(events)]);
  });

  test("lets later events of a chat wait for the one before, and no other chat", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage);
    await life.journal.enroll([reader]);
    const gate = Promise.withResolvers<void>();
    const [first, second] = messages(2);
    const [elsewhere] = messages(1, { chat: chatWith("43") });
    if (first === undefined || second === undefined || elsewhere === undefined)
      throw new Error("There are three");
    life.subscribe(({ id }) => (id === first.id ? gate.promise : undefined));
    await life.journal.open(reader);
    await life.receive([first, second, elsewhere]);
    expect(life.seen.map(([id]) => id)).toEqual([first.id, elsewhere.id]);
    gate.resolve();
    await life.bus.drain();
    expect(life.seen.map(([id]) => id)).toEqual([first.id, elsewhere.id, second.id]);
  });

  test("takes an event once, however often it comes", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage);
    await life.journal.enroll([reader]);
    life.subscribe();
    await life.journal.open(reader);
    const [event, ...others] = messages(3);
    if (event === undefined) throw new Error("There is a first of three");
    await life.receive([event, ...others]);
    await life.receive([event]);
    const later = messages(1);
    await life.receive(later);
    await whenSeen(life, 4);
    expect(life.seen.map(([id]) => id)).toEqual([...idsOf([event, ...others, ...later])]);
  });

  test("writes the update state with the events, or neither", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage);
    const state = { account: { pts: 7, qts: 0, date: 1, seq: 1 }, channels: new Map(), forgotten: [] };
    await life.journal.commit({ account: me, events: messages(1), state });
    expect(await storage.updateStates.load(me)).toEqual(state.account);
    await storage.close();
    await expect(life.journal.commit({ account: me, events: messages(1), state })).rejects.toMatchObject({
      code: "STORAGE_CLOSED",
    });
  });

  test("keeps what other accounts received in the turn in which one is refused", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const vault = newVault();
    let nowMs = 1_000;
    await using storage = await openStorage({ path, vault, now: () => nowMs });
    await using elsewhere = await openStorage({ path, vault, now: () => nowMs });
    await storage.sessionLeases.take(me, 10);
    nowMs += 10;
    await elsewhere.sessionLeases.take(me, 10);
    const life = liveOn(storage);
    await life.journal.enroll([reader]);
    life.subscribe();
    await life.journal.open(reader);
    const [kept, refused] = [messages(2), messages(1)];
    const outcomes = await Promise.allSettled([life.receive(refused, me), life.receive(kept, other)]);
    expect(outcomes).toMatchObject([
      { status: "rejected", reason: { code: "LEASE_LOST" } },
      { status: "fulfilled" },
    ]);
    expect(life.seen.map(([id]) => id)).toEqual([...idsOf(kept)]);
  });
});

describe("Journal.open()", () => {
  test("gives again, before what is newer, what a killed life had not handled", async () => {
    await using storage = await memoryStorage();
    const killed = liveOn(storage);
    await killed.journal.enroll([reader]);
    const events = messages(3);
    killed.subscribe(({ id }) => (id === events[0]?.id ? undefined : new Promise(() => {})));
    await killed.journal.open(reader);
    await killed.receive(events);
    await killed.journal.stop();

    const life = liveOn(storage);
    await life.journal.enroll([reader]);
    life.subscribe();
    const newer = messages(2);
    await life.receive(newer);
    const reading = await life.journal.open(reader);
    await whenSeen(life, 4);
    expect(life.seen).toEqual([
      ...events.slice(1).map(({ id }): [string, number] => [id, 1]),
      ...newer.map(({ id }): [string, number] => [id, 0]),
    ]);
    await reading.close();
    expect((await storage.journal.placeOf(reader)).throughSeq).toBe(await storage.journal.head());
  });

  test("holds no more events for given before than a window takes", async () => {
    await using storage = await memoryStorage();
    const killed = liveOn(storage, { window: 2 });
    await killed.journal.enroll([reader]);
    await killed.receive(messages(3));
    const life = liveOn(storage, { window: 2 });
    await life.journal.enroll([reader]);
    life.subscribe();
    await life.journal.open(reader);
    await whenSeen(life, 3);
    expect(life.seen.map(([, formerAttempts]) => formerAttempts)).toEqual([1, 1, 0]);
  });

  test("does not give again what was handled beyond an event that was not", async () => {
    await using storage = await memoryStorage();
    const first = liveOn(storage);
    await first.journal.enroll([reader]);
    const [stuck] = messages(1);
    const quick = messages(2, { chat: chatWith("43") });
    if (stuck === undefined) throw new Error("There is a first of one");
    first.subscribe(({ id }) => (id === stuck.id ? new Promise(() => {}) : undefined));
    const reading = await first.journal.open(reader);
    await first.receive([stuck, ...quick]);
    await reading.close();

    const second = liveOn(storage);
    await second.journal.enroll([reader]);
    second.subscribe();
    await second.journal.open(reader);
    await whenSeen(second, 1);
    const newer = messages(1);
    await second.receive(newer);
    await whenSeen(second, 2);
    expect(second.seen.map(([id]) => id)).toEqual([stuck.id, ...idsOf(newer)]);
  });

  test("starts a plugin that is new at the present", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage);
    await life.journal.enroll([]);
    await life.receive(messages(3));
    await life.journal.enroll([reader]);
    life.subscribe();
    await life.journal.open(reader);
    const newer = messages(1);
    await life.receive(newer);
    await life.bus.drain();
    expect(life.seen.map(([id]) => id)).toEqual([...idsOf(newer)]);
  });

  test("keeps for a plugin that failed to start what it missed", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage);
    await life.journal.enroll([reader]);
    const missed = messages(2);
    await life.receive(missed);
    life.subscribe();
    await life.journal.open(reader);
    await whenSeen(life, 2);
    expect(life.seen).toEqual(missed.map(({ id }) => [id, 0]));
  });

  test("starts a plugin that was disabled at the present", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage);
    await life.journal.enroll([reader]);
    await life.journal.withdraw(reader);
    await life.receive(messages(2));
    life.subscribe();
    await life.journal.open(reader);
    const newer = messages(1);
    await life.receive(newer);
    await life.bus.drain();
    expect(life.seen.map(([id]) => id)).toEqual([...idsOf(newer)]);
  });

  test("acknowledges nothing that it read when the plugin was stopping already", async () => {
    await using storage = await memoryStorage();
    const reads = Promise.withResolvers<void>();
    const late: Read = async (afterSeq, limit) => {
      const entries = await storage.journal.read(afterSeq, limit);
      await reads.promise;
      return entries;
    };
    const life = liveOn(storage, { store: { ...storage.journal, read: late } });
    await life.journal.enroll([reader]);
    await life.receive(messages(3));
    life.subscribe();
    const reading = await life.journal.open(reader);
    reading.pause();
    reads.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    await reading.close();
    expect(life.seen).toEqual([]);
    expect((await storage.journal.placeOf(reader)).throughSeq).toBe(0);
  });

  test("gives no more at once than the window takes, and the rest in order", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage, { window: 10 });
    await life.journal.enroll([reader]);
    const events: MessageReceived[] = [];
    let running = 0;
    let most = 0;
    life.subscribe(async () => {
      most = Math.max(most, life.bus.stats().pending);
      running++;
      await Promise.resolve();
    });
    await life.journal.open(reader);
    for (let at = 0; at < 20; at++) {
      const some = messages(50, { chat: chatWith(String(50 + at)) });
      events.push(...some);
      await life.receive(some);
    }
    await whenSeen(life, 1000);
    expect(life.seen.map(([id]) => id)).toEqual([...idsOf(events)]);
    expect(running).toBe(1000);
    expect(most).toBeLessThanOrEqual(10);
  });

  test("goes on behind a row that was damaged", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage, { store: { ...storage.journal, read: damagedFirst(storage.journal.read) } });
    await life.journal.enroll([reader]);
    const events = messages(2);
    await life.receive(events);
    life.subscribe();
    await life.journal.open(reader);
    await whenSeen(life, 1);
    expect(life.seen.map(([id]) => id)).toEqual([...idsOf(events.slice(1))]);
  });
});

describe("Journal.prune()", () => {
  test("forgets what all have handled after its time, and keeps what one has not", async () => {
    let nowMs = 1_000;
    await using storage = await memoryStorage(() => nowMs);
    const clock = { now: () => nowMs, sleep: () => new Promise<void>(() => {}) };
    const life = liveOn(storage, { clock, keepMs: 100, maxAgeMs: 10_000 });
    await life.journal.enroll([reader]);
    life.subscribe();
    const reading = await life.journal.open(reader);
    await life.receive(messages(3));
    await life.bus.drain();
    await reading.close();
    const unhandled = messages(2);
    await life.receive(unhandled);
    nowMs += 1_000;
    await life.journal.prune();
    expect((await storage.journal.read(0, 10)).map(({ event }) => String(event?.id))).toEqual([
      ...idsOf(unhandled),
    ]);
    nowMs += 100_000;
    await life.journal.prune();
    expect(await storage.journal.read(0, 10)).toEqual([]);
  });
});

/** Waits until the plugin has been given so many events. */
async function whenSeen(life: { readonly seen: readonly unknown[] }, count: number): Promise<void> {
  while (life.seen.length < count) await new Promise((resolve) => setImmediate(resolve));
}

type Read = Parameters<typeof liveOn>[0]["journal"]["read"];

function damagedFirst(read: Read): Read {
  return async (afterSeq, limit) => {
    const entries = await read(afterSeq, limit);
    return entries.map((entry) => (entry.seq === 1 ? { ...entry, event: null } : entry));
  };
}

describe("Journal.drain()", () => {
  test("waits until every plugin that reads has handled what there is", async () => {
    await using storage = await memoryStorage();
    const life = liveOn(storage);
    const gate = Promise.withResolvers<void>();
    await life.journal.enroll([reader]);
    life.subscribe(() => gate.promise);
    await life.journal.open(reader);
    const never = new AbortController();
    await life.journal.drain(never.signal);
    await life.receive(messages(2));
    await expect(life.journal.drain(AbortSignal.timeout(20))).rejects.toThrow("timed out");
    gate.resolve();
    await life.journal.drain(never.signal);
    expect(life.seen).toHaveLength(2);
  });
});
