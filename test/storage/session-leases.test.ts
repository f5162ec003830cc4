import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type Message, parsePluginName } from "../../runtime/contract/index.ts";
import { openStorage, type Storage, wholeDatabase } from "../../runtime/storage/index.ts";
import { received } from "../support/sample-events.ts";
import { me, memoryStorage, newVault, other, sessionOf, temporaryFolder } from "./fixture.ts";

const leaseMs = 45_000;
const reader = parsePluginName("reader");

/** Two programs, as far as the database can tell, on one file and by one clock. */
async function twoPrograms() {
  await using made = new AsyncDisposableStack();
  const folder = made.use(await temporaryFolder());
  const path = join(folder.path, "db.sqlite");
  const vault = newVault();
  const time = { nowMs: 1_000_000 };
  const open = async () => made.use(await openStorage({ path, vault, now: () => time.nowMs }));
  const [one, two] = [await open(), await open()];
  const owned = made.move();
  return { one, two, time, path, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Changes what stands in the database about the owner. */
function rewriteOwner(path: string, set: string): void {
  using connection = new Database(path);
  connection.run(`UPDATE session_leases SET ${set}`);
}

describe("SessionLeaseRepository", () => {
  test("take() gives a free session, and each time a higher fence", async () => {
    await using storage = await memoryStorage();
    const { sessionLeases } = storage;
    const first = await sessionLeases.take(me, leaseMs);
    expect(first).toMatchObject({ state: "taken", lease: { fence: 1, expiresAtMs: 1000 + leaseMs } });
    await sessionLeases.release(me);
    expect(await sessionLeases.list()).toEqual([]);
    expect(await sessionLeases.take(me, leaseMs)).toMatchObject({ state: "taken", lease: { fence: 2 } });
    expect(await sessionLeases.take(other, leaseMs)).toMatchObject({ lease: { fence: 1 } });
    expect((await sessionLeases.list()).map(({ subject }) => subject)).toEqual([me, other]);
  });

  test("take() tells who holds a session, and since when", async () => {
    await using programs = await twoPrograms();
    const { one, two, time } = programs;
    await one.sessionLeases.take(me, leaseMs);
    time.nowMs += leaseMs - 1;
    expect(await two.sessionLeases.take(me, leaseMs)).toMatchObject({
      state: "held",
      isAlive: true,
      lease: { fence: 1, owner: { pid: process.pid }, takenAtMs: 1_000_000 },
    });
  });

  test("renew() keeps a session, which else is over at its time", async () => {
    await using programs = await twoPrograms();
    const { one, two, time } = programs;
    await one.sessionLeases.take(me, leaseMs);
    time.nowMs += leaseMs - 1;
    expect(await one.sessionLeases.renew(leaseMs)).toEqual(new Map([[me, time.nowMs + leaseMs]]));
    time.nowMs += leaseMs - 1;
    expect(await two.sessionLeases.take(me, leaseMs)).toMatchObject({ state: "held" });
    time.nowMs += 1;
    expect(await two.sessionLeases.take(me, leaseMs)).toMatchObject({ state: "taken", lease: { fence: 2 } });
    expect(await one.sessionLeases.renew(leaseMs)).toEqual(new Map());
    await one.sessionLeases.release(me);
    expect(await two.sessionLeases.find(me)).toMatchObject({ fence: 2 });
  });

  test.each([
    ["of a process that has ended", "pid = 4194304"],
    ["of an earlier process under the same pid", "pid_start = '1'"],
  ])("take() gives the session %s at once", async (_, set) => {
    await using programs = await twoPrograms();
    const { one, two, path } = programs;
    await one.sessionLeases.take(me, leaseMs);
    rewriteOwner(path, set);
    expect(await two.sessionLeases.take(me, leaseMs)).toMatchObject({ state: "taken", lease: { fence: 2 } });
  });

  test("take() cannot tell whether a process of another host lives", async () => {
    await using programs = await twoPrograms();
    const { one, two, path } = programs;
    await one.sessionLeases.take(me, leaseMs);
    rewriteOwner(path, "pid = 4194304, pid_space = 'elsewhere'");
    expect(await two.sessionLeases.take(me, leaseMs)).toMatchObject({ state: "held", isAlive: false });
  });
});

// As far as the repository looks into it.
const message = received() as unknown as Message;

/** Every write that the holder of a session alone may do. */
const fencedWrites: readonly (readonly [string, (storage: Storage) => Promise<unknown>])[] = [
  ["sessions.save()", ({ sessions }) => sessions.save(sessionOf())],
  ["sessions.touch()", ({ sessions }) => sessions.touch(me, 900)],
  ["sessions.delete()", ({ sessions }) => sessions.delete(me)],
  [
    "updateStates.apply()",
    ({ updateStates }) =>
      updateStates.apply(me, {
        account: { pts: 2, qts: 0, date: 1, seq: 1 },
        channels: new Map(),
        forgotten: [],
      }),
  ],
  ["sessions.succeed()", ({ sessions }) => sessions.succeed(sessionOf())],
  ["spareKeys.replace()", ({ spareKeys }) => spareKeys.replace(me, new Map([[2, new Uint8Array(256)]]))],
  ["updateStates.clear()", ({ updateStates }) => updateStates.clear(me)],
  ["journal.append()", ({ journal }) => journal.append([{ account: me, events: [received()], state: null }])],
  ["sentMessages.put()", ({ sentMessages }) => sentMessages.put(me, new Map([["1", message]]))],
];

describe("a session that another program has taken over", () => {
  test.each(fencedWrites)("is not written by %s any more", async (_, write) => {
    await using programs = await twoPrograms();
    const { one, two, time } = programs;
    await one.sessionLeases.take(me, leaseMs);
    await one.sessions.save(sessionOf());
    await one.updateStates.apply(me, {
      account: { pts: 1, qts: 0, date: 1, seq: 1 },
      channels: new Map(),
      forgotten: [],
    });
    time.nowMs += leaseMs;
    await two.sessionLeases.take(me, leaseMs);
    await expect(write(one)).rejects.toMatchObject({ code: "LEASE_LOST", retryable: true });
    expect(await two.sessions.load(me)).toEqual(sessionOf());
    expect(await two.updateStates.load(me)).toMatchObject({ pts: 1 });
    expect(await two.journal.head()).toBe(0);
    await write(two);
  });

  test("stays closed to the former when the new owner has given it back", async () => {
    await using programs = await twoPrograms();
    const { one, two, time } = programs;
    await one.sessionLeases.take(me, leaseMs);
    time.nowMs += leaseMs;
    await two.sessionLeases.take(me, leaseMs);
    await two.sessionLeases.release(me);
    await expect(one.sessions.save(sessionOf())).rejects.toMatchObject({ code: "LEASE_LOST" });
    await one.sessionLeases.take(me, leaseMs);
    await one.sessions.save(sessionOf());
  });

  test("takes no other session with it", async () => {
    await using programs = await twoPrograms();
    const { one, two, time } = programs;
    for (const account of [me, other]) await one.sessionLeases.take(account, leaseMs);
    time.nowMs += leaseMs;
    await two.sessionLeases.take(me, leaseMs);
    await one.sessions.save(sessionOf({ account: other }));
  });
});

/** Writes of a running program that no account's lease fences. */
const programWrites: readonly (readonly [string, (storage: Storage) => Promise<unknown>])[] = [
  ...fencedWrites,
  ["journal.enroll()", ({ journal }) => journal.enroll([reader])],
  ["journal.withdraw()", ({ journal }) => journal.withdraw(reader)],
  ["journal.noteAttempts()", ({ journal }) => journal.noteAttempts(reader, 1, 2)],
  [
    "journal.acknowledge()",
    ({ journal }) => journal.acknowledge([{ plugin: reader, throughSeq: 1, beyond: [] }]),
  ],
  ["pluginStore.set()", ({ pluginStore }) => pluginStore.set(reader, "key", 1)],
  ["pluginSchedules.retain()", ({ pluginSchedules }) => pluginSchedules.retain([])],
  [
    "deadLetters.add()",
    ({ deadLetters }) =>
      deadLetters.add({
        ...{ plugin: reader, event: received(), chatId: null, attempts: 5 },
        error: { code: "LEASE_LOST", message: "Cannot go on" },
      }),
  ],
];

describe("a database that another program has taken over", () => {
  test.each(programWrites)("is not written by %s any more", async (_, write) => {
    await using programs = await twoPrograms();
    const { one, two, time } = programs;
    await one.sessionLeases.take(wholeDatabase, leaseMs);
    await one.sessions.save(sessionOf());
    await one.updateStates.apply(me, {
      account: { pts: 1, qts: 0, date: 1, seq: 1 },
      channels: new Map(),
      forgotten: [],
    });
    await one.journal.enroll([reader]);
    await one.pluginSchedules.set(reader, "daily", 1);
    await one.pluginStore.set(reader, "key", 0);
    time.nowMs += leaseMs;
    await two.sessionLeases.take(wholeDatabase, leaseMs);
    await expect(write(one)).rejects.toMatchObject({ code: "LEASE_LOST" });
    await write(two);
  });

  test("is open to programs that only do something beside the one that runs", async () => {
    await using programs = await twoPrograms();
    const { one, two } = programs;
    await one.sessionLeases.take(wholeDatabase, leaseMs);
    await two.sessions.save(sessionOf());
    expect(await two.sessionLeases.take(me, leaseMs)).toMatchObject({ state: "taken" });
    expect(await one.sessionLeases.list()).toMatchObject([{ subject: "*" }, { subject: me }]);
  });
});
