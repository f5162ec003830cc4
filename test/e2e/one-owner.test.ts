import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { hasCode } from "../../runtime/contract/index.ts";
import { type CliProcess, startCli } from "../cli/cli-process.ts";
import { createInstallation, type Installation } from "./installation.ts";

// Programs start, and a lease runs out.
setDefaultTimeout(60_000);

/** Long enough for a busy machine to renew it in time. */
const lease = { durationMs: 5_000 };

/** The installation as another host sees it: its own folder and lock, the same database. */
async function elsewhere({ folder, configPath, databasePath, keyPath }: Installation): Promise<string> {
  const other = join(folder, "elsewhere");
  await mkdir(other);
  await copyFile(configPath, join(other, "telegraphist.yaml"));
  await copyFile(keyPath, join(other, "key"));
  await symlink(databasePath, join(other, "telegraphist.sqlite"));
  return other;
}

async function loggedIn(): Promise<Installation> {
  const installation = await createInstallation({ storage: { lease } });
  await installation.logIn();
  return installation;
}

/** Has the program stand still in a moment at which it does not write, as nobody could write beside it then. */
async function pause(program: CliProcess, databasePath: string): Promise<void> {
  using connection = new Database(databasePath);
  for (;;) {
    program.kill("SIGSTOP");
    try {
      connection.run("BEGIN IMMEDIATE");
      connection.run("ROLLBACK");
      return;
    } catch (error) {
      if (!hasCode(error, "SQLITE_BUSY")) throw error;
      program.kill("SIGCONT");
      await setImmediate();
    }
  }
}

describe("two programs on one database", () => {
  test("do not run both: the second says who runs, by the lock beside the file", async () => {
    await using it = await loggedIn();
    const programs = [1, 2].map(() => startCli(["run"], { folder: it.folder }));
    await using made = new AsyncDisposableStack();
    for (const program of programs) made.use(program);
    const refused = await Promise.any(
      programs.map(async (program) => ((await program.exited) === 1 ? program : Promise.reject(program))),
    );
    expect(refused.errors()).toMatch(/is Telegraphist running twice\?.*\(STORAGE_LOCKED\)/s);
    const running = programs.find((program) => program !== refused);
    await running?.seen(/ready: 1 account/);
    expect(it.emulator.connections()).toHaveLength(1);
  });

  test("do not use one session, by its lease, where they share no lock", async () => {
    await using it = await loggedIn();
    const folders = [it.folder, await elsewhere(it)];
    const programs = folders.map((folder) => startCli(["run"], { folder }));
    await using made = new AsyncDisposableStack();
    for (const program of programs) made.use(program);
    const refused = await Promise.any(
      programs.map(async (program) => ((await program.exited) === 1 ? program : Promise.reject(program))),
    );
    expect(refused.errors()).toMatch(/process \d+ on ".+" has had it since .+; stop that program/);
    expect(refused.errors()).toContain("(LEASE_HELD)");
    const running = programs.find((program) => program !== refused);
    await running?.seen(/ready: 1 account/);
    expect(it.emulator.stats().connectionsOpened).toBe(2);
    expect(it.emulator.connections()).toHaveLength(1);
  });

  test("take over from each other where the second waits for the first to end", async () => {
    await using it = await loggedIn();
    await using first = startCli(["run"], { folder: it.folder });
    await first.seen(/ready: 1 account/);
    await using second = startCli(["run", "--wait", "50"], { folder: it.folder });
    await second.seen(/is waited for/);
    first.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    await second.seen(/ready: 1 account/);
    expect(it.emulator.connections()).toHaveLength(1);
  });

  test("take over at once from one that was killed", async () => {
    await using it = await loggedIn();
    {
      await using killed = startCli(["run"], { folder: it.folder });
      await killed.seen(/ready: 1 account/);
    }
    await using second = startCli(["run"], { folder: await elsewhere(it) });
    await second.seen(/ready: 1 account/);
  });
});

describe("a program that stood still for longer than its lease", () => {
  test.each([
    ["whose connection is open still", false],
    ["whose connection has ended", true],
  ])("and %s neither connects nor writes, until the other program ends", async (_, isCut) => {
    await using it = await loggedIn();
    await using first = startCli(["run"], { folder: it.folder });
    await first.seen(/"state":"online"/);
    const [connection] = it.emulator.connections();
    await pause(first, it.databasePath);
    if (isCut) it.emulator.world.faults.dropConnections();
    await using second = startCli(["run", "--wait", "50"], { folder: await elsewhere(it) });
    await second.seen(/"state":"online"/);
    const before = it.emulator.stats();
    first.kill("SIGCONT");
    await first.seen(/"state":"waiting"/);
    expect(first.errors()).toMatch(/The session was taken over by another program|LEASE_LOST/);
    expect(it.emulator.stats()).toEqual(before);
    const [left, ...others] = it.emulator
      .connections()
      .filter(({ sessionId }) => sessionId !== connection?.sessionId);
    expect(others).toEqual([]);
    expect(left?.authKeyId).toBe(connection?.authKeyId ?? null);
    expect(it.emulator.world.sessions(it.owner.id)).toHaveLength(1);
    second.kill("SIGTERM");
    expect(await second.exited).toBe(0);
    await first.seen(/"state":"stopped".*"state":"waiting".*"state":"online"/s);
    expect(it.emulator.world.sessions(it.owner.id)).toHaveLength(1);
    first.kill("SIGTERM");
    expect(await first.exited).toBe(0);
  });
});
