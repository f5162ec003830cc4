import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFile, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { hasCode } from "../../runtime/contract/index.ts";
import { type CliProcess, startCli } from "../cli/cli-process.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { pluginText } from "./plugin-text.ts";

// Programs start, and a lease runs out.
setDefaultTimeout(60_000);

/** Long enough for a busy machine to renew it in time. */
const lease = { durationMs: 5_000 };

/** The installation as another host sees it: its own folder, the same database. */
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
  test("do not run both: the second says who runs", async () => {
    await using it = await loggedIn();
    const programs = [1, 2].map(() => startCli(["run"], { folder: it.folder }));
    await using made = new AsyncDisposableStack();
    for (const program of programs) made.use(program);
    const refused = await Promise.any(
      programs.map(async (program) => ((await program.exited) === 1 ? program : Promise.reject(program))),
    );
    expect(refused.errors()).toMatch(
      /process \d+ on ".+" has run on it since .+; is Telegraphist running twice\?.*\(LEASE_HELD\)/s,
    );
    const running = programs.find((program) => program !== refused);
    await running?.seen(/ready: 1 account/);
    expect(it.emulator.connections()).toHaveLength(1);
  });

  test("do not run both where they come by different paths either", async () => {
    await using it = await loggedIn();
    const folders = [it.folder, await elsewhere(it)];
    const programs = folders.map((folder) => startCli(["run"], { folder }));
    await using made = new AsyncDisposableStack();
    for (const program of programs) made.use(program);
    const refused = await Promise.any(
      programs.map(async (program) => ((await program.exited) === 1 ? program : Promise.reject(program))),
    );
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

/** Answers what people write, and takes its time for what is slow. */
const answering = pluginText(
  "answering",
  `setup({ on, log }) {
    on("message.received", async (event, { telegram }) => {
      log.info("handles " + event.text + ";");
      if (event.text === "slow") await new Promise((resolve) => setTimeout(resolve, 2_000));
      await telegram.send(event.chat.id, "re: " + event.text);
      log.info("answered " + event.text + ";");
    });
  },`,
  `{ telegram: ["messages:read", "messages:send"], chats: ["*"] }`,
);
const answeringPlugins = {
  answering: {
    use: "./answering.ts",
    allow: { telegram: ["messages:read", "messages:send"], chats: ["*"] },
  },
};

/** With a plugin that answers, and a person who writes. */
async function loggedInWithPlugin() {
  const installation = await createInstallation({ storage: { lease }, plugins: answeringPlugins });
  await installation.write("answering.ts", answering);
  await installation.logIn();
  const { world } = installation.emulator;
  const { owner } = installation;
  const ada = world.createUser({ firstName: "Ada" });
  return {
    ...installation,
    ask: (text: string) => void world.sendMessage({ fromId: ada.id, chatId: owner.id, text }),
    answers: () =>
      world.messages(ada.id, owner.id).flatMap(({ fromId, text }) => (fromId === owner.id ? [text] : [])),
  };
}

function rowsOf(databasePath: string, table: string): readonly unknown[] {
  using connection = new Database(databasePath, { readonly: true });
  return connection.query(`SELECT * FROM ${table}`).all();
}

describe("a program that is refused", () => {
  test("has changed nothing of what the other's plugins have handled", async () => {
    await using it = await loggedInWithPlugin();
    await using first = startCli(["run"], { folder: it.folder });
    await first.seen(/"state":"online"/);
    it.ask("one");
    await first.seen(/handles one;/);
    const before = rowsOf(it.databasePath, "journal_cursors");
    expect(before).toHaveLength(1);
    const other = await elsewhere(it);
    await it.configure({ storage: { lease } });
    await copyFile(it.configPath, join(other, "telegraphist.yaml"));
    await using second = startCli(["run"], { folder: other });
    expect(await second.exited).toBe(1);
    expect(second.errors()).toContain("(LEASE_HELD)");
    expect(rowsOf(it.databasePath, "journal_cursors")).toHaveLength(1);
  });
});

describe("a program that stood still for longer than its lease", () => {
  test.each([
    ["whose connection is open still", false],
    ["whose connection has ended", true],
  ])("and %s neither connects nor writes, and ends", async (_, isCut) => {
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
    expect(await first.exited).toBe(1);
    expect(first.errors()).toMatch(
      /error: Cannot go on with the database: process \d+ on ".+" has it since .+ \(LEASE_LOST\)/,
    );
    expect(it.emulator.stats()).toEqual(before);
    const [left, ...others] = it.emulator
      .connections()
      .filter(({ sessionId }) => sessionId !== connection?.sessionId);
    expect(others).toEqual([]);
    expect(left?.authKeyId).toBe(connection?.authKeyId ?? null);
    expect(it.emulator.world.sessions(it.owner.id)).toHaveLength(1);
  });

  test("leaves to the other what its plugins had in hand and what came since", async () => {
    await using it = await loggedInWithPlugin();
    await using first = startCli(["run"], { folder: it.folder });
    await first.seen(/"state":"online"/);
    it.ask("slow");
    await first.seen(/handles slow;/);
    await pause(first, it.databasePath);
    it.ask("later");
    const other = await elsewhere(it);
    await copyFile(join(it.folder, "answering.ts"), join(other, "answering.ts"));
    await using second = startCli(["run", "--wait", "50"], { folder: other });
    await second.seen(/answered later;/);
    first.kill("SIGCONT");
    expect(await first.exited).toBe(1);
    expect(first.errors() + first.output()).not.toContain("handles later;");
    second.kill("SIGTERM");
    expect(await second.exited).toBe(0);
    expect(it.answers().toSorted()).toEqual(["re: later", "re: slow"]);
    for (const table of ["dead_letters", "journal_failures"]) {
      expect(rowsOf(it.databasePath, table)).toEqual([]);
    }
  });

  test("goes on where only a command had its session meanwhile", async () => {
    await using it = await loggedIn();
    await using first = startCli(["run"], { folder: it.folder });
    await first.seen(/"state":"online"/);
    await pause(first, it.databasePath);
    {
      using connection = new Database(it.databasePath);
      // As after its time; the process lives, so that nobody would wait for it.
      connection.run("UPDATE session_leases SET expires_at_ms = 0");
    }
    await using list = startCli(["sessions", "list", "--remote", "--json"], { folder: it.folder });
    expect(await list.exited).toBe(0);
    first.kill("SIGCONT");
    await first.seen(/"state":"stopped".*"state":"online"/s);
    expect(it.emulator.world.sessions(it.owner.id)).toHaveLength(1);
    first.kill("SIGTERM");
    expect(await first.exited).toBe(0);
  });
});
