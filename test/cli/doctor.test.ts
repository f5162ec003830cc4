import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmod } from "node:fs/promises";
import type { Finding } from "../../runtime/app/index.ts";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { readKernelLevel } from "../../runtime/sandbox/index.ts";
import { createKey, formatKey, parseKey } from "../../runtime/vault/index.ts";
import { createInstallation, type Installation } from "../e2e/installation.ts";
import { freePort } from "../support/free-port.ts";
import { nextState } from "../telegram/support/next-state.ts";
import { pluginText } from "../testkit/plugin-file.ts";
import { startCli } from "./cli-process.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

// A machine that is busy takes its time.
setDefaultTimeout(60_000);

async function doctor({ folder }: Installation, env: Readonly<Record<string, string>> = {}) {
  const terminal = recordedTerminal({ env, folder });
  const code = await runCli(["doctor", "--json"], terminal);
  // What doctorCommand prints.
  const { ok, findings } = JSON.parse(terminal.output()) as { ok: boolean; findings: readonly Finding[] };
  const finding = (subject: string) => findings.find((candidate) => candidate.subject === subject);
  return { code, ok, findings, finding };
}

describe("telegraphist doctor", () => {
  test("finds a new installation well, and makes its key and database", async () => {
    await using installation = await createInstallation();
    const { code, ok, findings } = await doctor(installation);
    expect(findings.map(({ subject }) => subject)).toEqual([
      "configuration",
      "Bun",
      "kernel",
      "key",
      "database",
      "OTLP receiver",
    ]);
    expect(findings.filter(({ state }) => state === "failed")).toEqual([]);
    expect({ code, ok }).toEqual({ code: exitCodes.ok, ok: true });
  });

  test("counts the sessions and prints for people without --json", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const terminal = recordedTerminal({ folder: installation.folder });
    expect(await runCli(["doctor"], terminal)).toBe(exitCodes.ok);
    expect(terminal.output()).toMatch(/^ok +configuration +.*telegraphist\.yaml$/m);
    expect(terminal.output()).toMatch(/^ok +database +.*telegraphist\.sqlite, 1 session\(s\)$/m);
  });

  test("fails for a configuration with problems, and looks at the rest", async () => {
    await using installation = await createInstallation();
    await installation.write("telegraphist.yaml", "version: 2\n");
    const { code, finding, findings } = await doctor(installation);
    expect(finding("configuration")).toMatchObject({ state: "failed" });
    expect(finding("configuration")?.advice).toStartWith("See them all: telegraphist check --config ");
    expect(findings.map(({ subject }) => subject)).toEqual([
      "configuration",
      "Bun",
      "kernel",
      "OTLP receiver",
    ]);
    expect(code).toBe(exitCodes.failed);
  });

  test("fails for a key that others can read, and says how to close it", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    await chmod(installation.keyPath, 0o644);
    const { code, ok, finding } = await doctor(installation);
    expect(finding("key")).toEqual({
      subject: "key",
      state: "failed",
      detail: installation.keyPath,
      advice: `Others can read the key: chmod 600 ${installation.keyPath}`,
    });
    expect({ code, ok }).toEqual({ code: exitCodes.failed, ok: false });
  });

  test("fails for a database that is damaged", async () => {
    await using installation = await createInstallation();
    await installation.write("telegraphist.sqlite", "this is no database\n".repeat(500));
    const { code, finding } = await doctor(installation);
    expect(finding("database")).toMatchObject({ state: "failed", detail: "STORAGE_CORRUPT" });
    expect(code).toBe(exitCodes.failed);
  });

  test("fails for a database of which a part is damaged", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const bytes = await Bun.file(installation.databasePath).bytes();
    // All pages but the first, which SQLite reads the schema from.
    await Bun.write(installation.databasePath, bytes.fill(0x5a, 8192));
    const { code, finding } = await doctor(installation);
    expect(finding("database")).toMatchObject({ state: "failed", detail: "STORAGE_CORRUPT" });
    expect(finding("database")?.advice).toContain("restore a backup");
    expect(code).toBe(exitCodes.failed);
  });

  test("fails for sealed rows that were changed, and says what tells why", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    {
      using connection = new Database(installation.databasePath);
      connection.run("UPDATE auth_keys SET sealed = zeroblob(64)");
    }
    const { code, finding } = await doctor(installation);
    expect(finding("database")).toMatchObject({ state: "ok" });
    expect(finding("sealed rows")).toEqual({
      subject: "sealed rows",
      state: "failed",
      detail: "1 of 1 do not open",
      advice: "See why: telegraphist key check",
    });
    expect(code).toBe(exitCodes.failed);
  });

  test("warns of an OTLP address where nobody answers", async () => {
    await using installation = await createInstallation();
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    await installation.configure({ telemetry: { otlpEndpoint: endpoint } });
    const { code, finding } = await doctor(installation);
    expect(finding("OTLP receiver")).toMatchObject({ state: "warning" });
    expect(finding("OTLP receiver")?.detail).toStartWith(`${endpoint} does not answer`);
    expect(code).toBe(exitCodes.ok);
  });

  test.each([
    ["takes", 200, "ok"],
    ["refuses", 404, "warning"],
  ] as const)("tells of a receiver that %s what it is sent", async (_, status, state) => {
    await using installation = await createInstallation();
    await using receiver = Bun.serve({ port: 0, fetch: () => new Response(null, { status }) });
    const { finding } = await doctor(installation, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${receiver.port}`,
    });
    expect(finding("OTLP receiver")).toMatchObject({ state });
    expect(finding("OTLP receiver")?.detail).toEndWith(` answers ${status}`);
  });
});

test("telegraphist doctor tells what holds each plugin of the program that runs", async () => {
  await using installation = await createInstallation({
    admin: { port: await freePort(), tokenFile: "token" },
    plugins: {
      echo: { use: "./echo.ts", trusted: true },
      near: { use: "./echo.ts", isolation: "inline", trusted: true },
      broken: { use: "./broken.ts", trusted: true },
      off: { use: "./echo.ts", enabled: false },
    },
  });
  await installation.write("echo.ts", pluginText("echo", ""));
  await installation.write("broken.ts", pluginText("broken", 'throw new Error("no");'));
  await installation.logIn();
  await using program = startCli(["run"], { folder: installation.folder });
  await program.seen(/ready: .* 2 of 4 plugin\(s\) running/);
  const { label, canHold } = await readKernelLevel();
  const { code, finding } = await doctor(installation);
  expect(finding("plugin echo")?.state).toBe(canHold ? "ok" : "warning");
  expect(finding("plugin echo")?.detail).toStartWith(
    `running, held by ${canHold ? label : "nothing"}, process `,
  );
  expect(finding("plugin near")?.detail).toBe("running inline, with the whole program in its reach");
  expect(finding("plugin broken")?.state).toBe("failed");
  expect(finding("plugin broken")?.advice).toContain('Cannot finish setup of plugin "broken"');
  expect(finding("plugin off")).toBeUndefined();
  expect(code).toBe(exitCodes.failed);
}, 60_000);

describe("telegraphist doctor beside a program that runs", () => {
  async function openRunning(accounts: Readonly<Record<string, unknown>> = { me: {} }) {
    await using made = new AsyncDisposableStack();
    const admin = { port: await freePort(), tokenFile: "token" };
    const installation = made.use(await createInstallation({ accounts, admin }));
    await installation.logIn();
    const { app } = made.use(await installation.open());
    const me = [...app.accounts.values()].find(({ name }) => name === "me");
    if (me === undefined) throw new Error("The account is configured");
    const online = nextState(me, "online");
    await app.start();
    await online;
    const owned = made.move();
    return { installation, me, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  }

  test("looks at each account, and finds it fit or without a login", async () => {
    await using it = await openRunning({ me: {}, other: {} });
    const { finding, code } = await doctor(it.installation);
    expect(finding("account me")).toMatchObject({ state: "ok", advice: null });
    expect(finding("account me")?.detail).toMatch(/^online, answers in \d+ ms$/);
    expect(finding("account other")).toEqual({
      subject: "account other",
      state: "failed",
      detail: "new, ACCOUNT_OFFLINE",
      advice: "Log in: telegraphist login other",
    });
    expect(code).toBe(exitCodes.failed);
  });

  test("says why an account cannot be used, and what to do", async () => {
    await using it = await openRunning();
    const over = nextState(it.me, "logged-out");
    const { world } = it.installation.emulator;
    for (const { authKeyId } of world.sessions(it.installation.owner.id)) world.revokeSession(authKeyId);
    const first = (await doctor(it.installation)).finding("account me");
    expect(first).toMatchObject({ state: "failed", detail: "online, SESSION_REVOKED" });
    expect(first?.advice).toContain("log in again");
    await over;
    const { finding } = await doctor(it.installation);
    expect(finding("account me")).toMatchObject({
      state: "failed",
      detail: "logged-out, ACCOUNT_OFFLINE",
      advice: "Log in: telegraphist login me",
    });
  });

  test("warns of an account that Telegram has frozen", async () => {
    await using it = await openRunning();
    const frozen = nextState(it.me, "frozen");
    const { faults } = it.installation.emulator.world;
    faults.rpcError({
      method: "messages.sendMessage",
      errorCode: 420,
      errorMessage: "FROZEN_METHOD_INVALID",
    });
    await it.me.telegram.send("me", "hello").catch(() => undefined);
    await frozen;
    const { finding } = await doctor(it.installation);
    expect(finding("account me")).toMatchObject({ state: "warning" });
    expect(finding("account me")?.detail).toMatch(/^frozen, answers in \d+ ms, and is restricted$/);
  });
});

describe("telegraphist doctor --repair", () => {
  async function repair({ folder }: Installation) {
    const terminal = recordedTerminal({ folder });
    const code = await runCli(["doctor", "--repair", "--json"], terminal);
    // What doctorCommand prints.
    const { findings } = JSON.parse(terminal.output()) as { findings: readonly Finding[] };
    const findingOf = (name: string) => findings.find(({ subject }) => subject === name);
    return { code, finding: findingOf("session me"), findingOf };
  }

  /** Overwrites the first page of a table. */
  async function damage({ databasePath }: Installation, table: string): Promise<void> {
    const page = (() => {
      using connection = new Database(databasePath);
      const sql =
        "SELECT rootpage AS root, page_size AS size FROM sqlite_schema, pragma_page_size() WHERE name = ?";
      return connection.query<{ root: number; size: number }, [string]>(sql).get(table);
    })();
    if (page === null) throw new Error(`There is no table ${table}`);
    const bytes = await Bun.file(databasePath).bytes();
    await Bun.write(databasePath, bytes.fill(0x5a, (page.root - 1) * page.size, page.root * page.size));
  }

  const calls = ({ emulator }: Installation) => emulator.stats().rpcCalls;

  test.each(["sessions", "auth_keys", "peers", "update_states"])(
    "tells of a damaged page of %s, and does nothing else",
    async (table) => {
      await using installation = await createInstallation();
      await installation.logIn();
      await damage(installation, table);
      const before = await Bun.file(installation.databasePath).bytes();
      const asked = { ...calls(installation) };
      const { code, finding, findingOf } = await repair(installation);
      expect(findingOf("database")).toMatchObject({ state: "failed" });
      expect(findingOf("database")?.advice).toContain('restore a backup; without one, "sqlite3 ');
      expect(findingOf("repair")).toMatchObject({
        state: "warning",
        detail: "nothing was done, as the database has failed",
      });
      expect(finding).toBeUndefined();
      expect(findingOf("kernel")).toBeDefined();
      expect(code).toBe(exitCodes.failed);
      expect(calls(installation)).toEqual(asked);
      expect(await Bun.file(installation.databasePath).bytes()).toEqual(before);
    },
  );

  test("tells of a session whose account is missing, and does nothing else", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    {
      using connection = new Database(installation.databasePath);
      connection.run("PRAGMA foreign_keys = OFF");
      connection.run("DELETE FROM accounts WHERE name = 'me'");
    }
    const { code, finding, findingOf } = await repair(installation);
    expect(findingOf("database")?.detail).toMatch(/telegraphist\.sqlite: a row of "\w+" refers to nothing$/);
    expect(findingOf("repair")).toMatchObject({ state: "warning" });
    expect(finding).toBeUndefined();
    expect(code).toBe(exitCodes.failed);
  });

  test("tells what kept it from repairing, and all that it has found", async () => {
    await using installation = await createInstallation({
      accounts: { me: {}, other: {} },
      limits: { accounts: { max: 1 } },
    });
    const { code, findingOf } = await repair(installation);
    expect(findingOf("repair")).toMatchObject({ state: "failed", detail: "POOL_EXHAUSTED" });
    expect(findingOf("database")).toMatchObject({ state: "ok" });
    expect(code).toBe(exitCodes.failed);
  });

  test("verifies a session, and puts right a place in the updates that cannot be", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    expect(await repair(installation)).toMatchObject({
      code: exitCodes.ok,
      finding: { state: "ok", detail: "the session is good; people and chats are learned anew" },
    });
    {
      using connection = new Database(installation.databasePath);
      connection.run("UPDATE update_states SET pts = 1000000");
    }
    const { finding } = await repair(installation);
    expect(finding?.detail).toContain("its place in the updates was ahead of Telegram's");
    using connection = new Database(installation.databasePath);
    expect(connection.query("SELECT pts FROM update_states").get()).not.toEqual({ pts: 1_000_000 });
  });

  test("repairs nothing with a wrong key, and says which one is right", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const { folder } = installation;
    const terminal = recordedTerminal({ folder, env: { TELEGRAPHIST_KEY: formatKey(createKey()) } });
    expect(await runCli(["doctor", "--repair"], terminal)).toBe(exitCodes.failed);
    expect(terminal.output()).toMatch(/^failed +database +VAULT_WRONG_KEY$/m);
    expect(terminal.output()).toMatch(/^warning +repair +nothing was done, as the database has failed$/m);
    const key = parseKey(await Bun.file(installation.keyPath).text());
    expect(terminal.output()).toContain(`as key "${key.id}" sealed what the database holds`);
  });

  test("makes a place in the updates where none is kept", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    using connection = new Database(installation.databasePath);
    connection.run("DELETE FROM update_states");
    const { finding } = await repair(installation);
    expect(finding?.detail).toEndWith("it had no place in the updates, which is now Telegram's present");
    expect(connection.query("SELECT count(*) AS rows FROM update_states").get()).toEqual({ rows: 1 });
  });

  test.each([
    ["writes", "appeal in an official app"],
    ["unsolicited", "look at @SpamBot"],
  ])("warns of an account whose %s Telegram does not take, and says what to do", async (method, advice) => {
    await using installation = await createInstallation();
    await installation.logIn();
    {
      using connection = new Database(installation.databasePath);
      connection.run("INSERT INTO flood_waits (account, method, chat_id, until_ms) VALUES ('me', ?, '', ?)", [
        method,
        Date.now() + 3_600_000,
      ]);
    }
    const { code, finding } = await repair(installation);
    expect(finding).toMatchObject({ state: "warning", advice: expect.stringContaining(advice) });
    expect(finding?.detail).toEndWith("Telegram restricts the account");
    expect(code).toBe(exitCodes.ok);
  });

  test("says why a session is over, and what to do, which then works", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const { world } = installation.emulator;
    for (const { authKeyId } of world.sessions(installation.owner.id)) world.revokeSession(authKeyId);
    const { code, finding } = await repair(installation);
    expect(code).toBe(exitCodes.failed);
    expect(finding).toMatchObject({ state: "failed", detail: "SESSION_REVOKED" });
    expect(finding?.advice).toContain("log in again");
    expect(await repair(installation)).toMatchObject({
      finding: { state: "warning", advice: "Log in anew: telegraphist login me" },
    });
    await installation.logIn();
    expect(await repair(installation)).toMatchObject({ code: exitCodes.ok, finding: { state: "ok" } });
  });
});
