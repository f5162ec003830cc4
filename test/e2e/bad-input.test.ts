import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { createKey, formatKey } from "../../runtime/vault/index.ts";
import { startCli } from "../cli/cli-process.ts";
import { recordedTerminal } from "../cli/recorded-terminal.ts";
import { createInstallation, type Installation } from "./installation.ts";

/** What `telegraphist run` says when it cannot. */
async function refusedRun({ folder }: Installation, env: Readonly<Record<string, string>> = {}) {
  await using run = startCli(["run"], { folder, env });
  const code = await run.exited;
  return { code, errors: run.errors() };
}

/** Runs until it is ready, then ends it. */
async function goodRun({ folder }: Installation, env: Readonly<Record<string, string>> = {}): Promise<void> {
  await using run = startCli(["run"], { folder, env });
  await run.seen(/ready: 1 account/);
  run.kill("SIGINT");
  expect(await run.exited).toBe(exitCodes.ok);
}

/** Every session as it lies in the file. */
function sessionRows({ databasePath }: Installation): unknown[] {
  using database = new Database(databasePath, { readonly: true });
  return database.query("select * from sessions").all();
}

describe("telegraphist run refuses a configuration", () => {
  test.each([
    ["that is no YAML", "version: 1\naccounts: { me: {}\n", /telegraphist\.yaml:\d+:\d+ error: /],
    [
      "with an unknown key",
      `version: 1\ntelegram: { apiId: 1, apiHash: "${"0".repeat(32)}" }\nacounts: { me: {} }\n`,
      /:3:1 error: unknown key "acounts"[\s\S]*did you mean "accounts"\?/,
    ],
    [
      "that names a variable that is not set",
      `version: 1\ntelegram: { apiId: 1, apiHash: "\${TEST_HASH}" }\naccounts: { me: {} }\n`,
      /:2:\d+ error: .*TEST_HASH/,
    ],
    [
      "with an account that a plugin misspells",
      `version: 1\ntelegram: { apiId: 1, apiHash: "${"0".repeat(32)}" }\naccounts: { home: {} }\nplugins: { autoresponder: { accounts: [hone], config: { rules: [{ name: a, answer: b }] } } }\n`,
      /:4:\d+ error: no account has this name[\s\S]*did you mean "home"\?/,
    ],
  ])("%s", async (_, text, sentence) => {
    await using installation = await createInstallation();
    await installation.write("telegraphist.yaml", text);
    const terminal = recordedTerminal({ folder: installation.folder });
    expect(await runCli(["run"], terminal)).toBe(exitCodes.failed);
    expect(terminal.errors()).toMatch(sentence);
    expect(await Bun.file(installation.databasePath).exists()).toBe(false);
  });

  test("never shows what a variable holds", async () => {
    await using installation = await createInstallation();
    await installation.write(
      "telegraphist.yaml",
      `version: 1\ntelegram: { apiId: "\${TEST_ID}", apiHash: "\${TEST_HASH}" }\naccounts: { me: { phone: "\${TEST_PHONE}" } }\n`,
    );
    const env = { TEST_ID: "notanumber7391", TEST_HASH: "tooshort7391", TEST_PHONE: "nophone7391" };
    const terminal = recordedTerminal({ folder: installation.folder, env });
    expect(await runCli(["run"], terminal)).toBe(exitCodes.failed);
    expect(terminal.errors()).toContain("3 problems");
    expect(terminal.errors()).not.toContain("7391");
  });
});

describe("telegraphist run keeps the session", () => {
  test("when another key than that which sealed it is given", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const before = sessionRows(installation);
    const { code, errors } = await refusedRun(installation, { TELEGRAPHIST_KEY: formatKey(createKey()) });
    expect(errors).toMatch(/error: .*\(VAULT_(UNKNOWN|WRONG)_KEY\)/);
    expect(code).toBe(exitCodes.failed);
    expect(before).toHaveLength(1);
    expect(sessionRows(installation)).toEqual(before);
    await goodRun(installation);
  });

  test("when the key is none", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const { code, errors } = await refusedRun(installation, { TELEGRAPHIST_KEY: "c2hvcnQ3Mzkx" });
    expect(errors).toContain("(VAULT_INVALID_KEY)");
    expect(errors).not.toContain("c2hvcnQ3Mzkx");
    expect(code).toBe(exitCodes.failed);
    await goodRun(installation);
  });

  test("when the key file is gone, and makes no new one", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const key = await Bun.file(installation.keyPath).text();
    await Bun.file(installation.keyPath).delete();
    const { code, errors } = await refusedRun(installation);
    expect(errors).toContain("(STORAGE_KEY_MISSING)");
    expect(code).toBe(exitCodes.failed);
    expect(await Bun.file(installation.keyPath).exists()).toBe(false);
    await goodRun(installation, { TELEGRAPHIST_KEY: key.trim() });
  });

  test("when the port of the pages is taken", async () => {
    await using taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    await using installation = await createInstallation({ admin: { port: taken.port } });
    await installation.logIn();
    const before = sessionRows(installation);
    const { code, errors } = await refusedRun(installation);
    expect(errors).toContain(`Cannot listen on "127.0.0.1:${taken.port}": the port is in use`);
    expect(errors).toContain("(ADMIN_PORT_IN_USE)");
    expect(code).toBe(exitCodes.failed);
    expect(sessionRows(installation)).toEqual(before);
    await installation.configure({ admin: { port: 0 } });
    await goodRun(installation);
  });

  test("when its Telegram is not there, and goes on trying", async () => {
    await using installation = await createInstallation({ admin: { port: 0 } });
    await installation.logIn();
    await installation.emulator.stop();
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready: 1 account/);
    expect(run.errors()).toMatch(/The connection to Telegram ended/);
    run.kill("SIGINT");
    expect(await run.exited).toBe(exitCodes.ok);
    expect(sessionRows(installation)).toHaveLength(1);
  });
});

describe("telegraphist run tells", () => {
  test("of a database that is damaged, and leaves it as it is", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const garbage = "neither a page nor a row\n".repeat(1000);
    await installation.write("telegraphist.sqlite", garbage);
    const { code, errors } = await refusedRun(installation);
    expect(errors).toContain("(STORAGE_CORRUPT)");
    expect(errors).not.toContain("fault of its own");
    expect(code).toBe(exitCodes.failed);
    expect(await Bun.file(installation.databasePath).text()).toBe(garbage);
  });

  test("how an account that never logged in does so", async () => {
    await using installation = await createInstallation();
    const { code, errors } = await refusedRun(installation);
    expect(errors).toContain(
      `error: Cannot use the account "me" as it has no session: run "telegraphist login me" (ACCOUNT_NO_SESSION)`,
    );
    expect(code).toBe(exitCodes.failed);
  });

  test("of one account without a session while the other runs", async () => {
    await using installation = await createInstallation({ accounts: { me: {}, spare: {} } });
    await installation.logIn();
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready:/);
    expect(run.errors()).toContain(`run \\"telegraphist login spare\\"`);
    run.kill("SIGINT");
    expect(await run.exited).toBe(exitCodes.ok);
  });
});
