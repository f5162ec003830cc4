import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readSessionString } from "../../runtime/telegram/session-strings/session-strings.ts";
import { createInstallation, type Installation, ownerPassword, ownerPhone } from "../e2e/installation.ts";
import { freePort } from "../support/free-port.ts";
import { recordAccount } from "../telegram/support/recorded-account.ts";
import { memoryStorage } from "../telegram/support/storage.ts";
import { startCli } from "./cli-process.ts";

// Each starts several programs.
setDefaultTimeout(60_000);

/** Runs one command to its end. */
async function run(installation: Installation, args: readonly string[], input?: string) {
  const { folder } = installation;
  await using process = startCli(args, { folder, ...(input !== undefined && { input }) });
  const code = await process.exited;
  return { code, output: process.output(), errors: process.errors() };
}

/** A login of the owner on another machine. */
async function logInElsewhere({ emulator }: Installation): Promise<void> {
  await using storage = await memoryStorage();
  await recordAccount(emulator.server, storage).account.login({
    phone: async () => ownerPhone,
    code: async () => emulator.world.loginCode(ownerPhone) ?? "",
    password: async () => ownerPassword,
  });
}

/** Another person, as the account `two`. */
async function logInTwo(installation: Installation): Promise<void> {
  const { world } = installation.emulator;
  const phone = "+9996619002";
  world.createUser({ firstName: "Tom", phone });
  await using opened = await installation.open();
  await opened.app.login("two", {
    phone: async () => phone,
    code: async () => world.loginCode(phone) ?? "",
    password: async () => "",
  });
}

describe("telegraphist sessions", () => {
  test("lists and shows what there is, and nothing of its keys", async () => {
    await using installation = await createInstallation();
    expect((await run(installation, ["sessions"])).output).toContain("There are no sessions");
    await installation.logIn();
    const listed = await run(installation, ["sessions"]);
    expect([listed.code, listed.output]).toEqual([0, expect.stringMatching(/^me {2}active {2}user \d+/)]);
    const shown = await run(installation, ["sessions", "show", "me", "--json"]);
    expect(JSON.parse(shown.output)).toMatchObject({ account: "me", state: "active", heldBy: null });
    expect(shown.output).not.toContain("authKeys");
    const [atTelegram] = installation.emulator.world.sessions(installation.owner.id);
    expect(JSON.parse(shown.output).authKeyId).toBe(atTelegram?.authKeyId);
    const { output } = await run(installation, ["sessions", "show", "me"]);
    expect(output).toContain(`auth key id    ${atTelegram?.authKeyId}`);
    expect(output).toMatch(/^vault key id {3}\S+$/m);
    const unknown = await run(installation, ["sessions", "show", "you"]);
    expect([unknown.code, unknown.errors]).toEqual([1, expect.stringContaining("SESSION_NOT_FOUND")]);
  });

  test("lists the account's other sessions and ends one, over the API while the program runs", async () => {
    await using installation = await createInstallation({
      admin: { port: await freePort(), tokenFile: "token" },
    });
    await installation.logIn();
    await logInElsewhere(installation);
    const remote = async () => {
      const { output } = await run(installation, ["sessions", "list", "--remote", "--json"]);
      return JSON.parse(output).sessions[0].remote;
    };
    expect(await remote()).toHaveLength(2);
    await using program = startCli(["run"], { folder: installation.folder });
    await program.seen(/ready:/);
    const [own, other] = await remote();
    expect([own.isCurrent, other.isCurrent]).toEqual([true, false]);
    const wrong = await run(installation, ["sessions", "revoke", "me", "abc"]);
    const hint = '"telegraphist sessions list NAME --remote" shows';
    expect([wrong.code, wrong.errors]).toEqual([1, expect.stringContaining(hint)]);
    expect((await run(installation, ["sessions", "revoke", "me", other.id])).code).toBe(0);
    expect(installation.emulator.world.sessions(installation.owner.id)).toHaveLength(1);
    const held = await run(installation, ["sessions", "revoke", "me", "--yes"]);
    expect([held.code, held.errors]).toEqual([1, expect.stringContaining("LEASE_HELD")]);
  });

  test("ends a session whose number is negative, as half of them are", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    await using opened = await installation.open();
    const negative = async () => {
      const others = await opened.app.sessions.authorizations("me");
      return others.find(({ id }) => id.startsWith("-"))?.id;
    };
    while ((await negative()) === undefined) await logInElsewhere(installation);
    const id = (await negative()) ?? "";
    const ended = await run(installation, ["sessions", "revoke", "me", id]);
    expect([ended.code, ended.output, ended.errors]).toEqual([0, expect.stringContaining(id), ""]);
    expect(await negative()).toBeUndefined();
  });

  test("tells of an account that cannot be asked for, and lists the others all the same", async () => {
    await using installation = await createInstallation({ accounts: { me: {}, two: {} } });
    const { world } = installation.emulator;
    await installation.logIn();
    await logInTwo(installation);
    for (const { authKeyId } of world.sessions(installation.owner.id)) world.revokeSession(authKeyId);
    const asJson = await run(installation, ["sessions", "list", "--remote", "--json"]);
    const [me, two] = JSON.parse(asJson.output).sessions;
    expect([asJson.code, me.account, two.account]).toEqual([1, "me", "two"]);
    expect(me.error).toMatchObject({
      code: "SESSION_REVOKED",
      message: expect.stringContaining("log in again"),
    });
    expect([two.error, two.remote]).toEqual([undefined, [expect.objectContaining({ isCurrent: true })]]);
  });

  test("says in words of an account that cannot be asked for", async () => {
    await using installation = await createInstallation({ accounts: { me: {}, two: {} } });
    const { world } = installation.emulator;
    await installation.logIn();
    await logInTwo(installation);
    const fault = { userId: installation.owner.id, method: "account.getAuthorizations" };
    world.faults.rpcError({ ...fault, errorCode: 400, errorMessage: "FROB_TOO_LATE" });
    const listed = await run(installation, ["sessions", "list", "--remote"]);
    expect([listed.code, listed.output]).toEqual([
      1,
      expect.stringMatching(/^me .*error: .*\(FROB_TOO_LATE\)\n.*two .*this one/s),
    ]);
  });

  test("exports no session that is over", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const database = new Database(installation.databasePath);
    database.run("update sessions set state = 'logged-out'");
    database.close();
    const flag = "--yes-i-know-it-is-the-whole-account";
    const exported = await run(installation, ["sessions", "export", "me", flag]);
    expect([exported.code, exported.output]).toEqual([1, ""]);
    expect(exported.errors).toMatch(/^error: .*its session is over.*\(ACCOUNT_NO_SESSION\)\n$/);
  });

  test("names the program that uses a session which is exported", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    await using program = startCli(["run"], { folder: installation.folder });
    await program.seen(/ready:/);
    const flag = "--yes-i-know-it-is-the-whole-account";
    const exported = await run(installation, ["sessions", "export", "me", flag]);
    expect(exported.code).toBe(0);
    expect(exported.errors).toMatch(/Process \d+ on \S+ uses the session now: stop it before/);
    program.kill("SIGTERM");
    expect(await program.exited).toBe(0);
    const again = await run(installation, ["sessions", "export", "me", flag]);
    expect(again.errors).not.toContain("uses the session now");
  });

  test("ends the program's own session at Telegram and here", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const refused = await run(installation, ["sessions", "revoke", "me"]);
    expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining("a script gives --yes")]);
    expect((await run(installation, ["sessions", "revoke", "me", "--yes"])).code).toBe(0);
    expect(installation.emulator.world.sessions(installation.owner.id)).toEqual([]);
    expect(JSON.parse((await run(installation, ["sessions", "--json"])).output)).toEqual({ sessions: [] });
  });

  test("exports after a warning and the words for it, and imports the string again", async () => {
    await using installation = await createInstallation({ accounts: { me: {}, two: {} } });
    await installation.logIn();
    const refused = await run(installation, ["sessions", "export", "me"]);
    expect([refused.code, refused.output]).toEqual([2, ""]);
    expect(refused.errors).toContain("The string is the whole account");
    const flag = "--yes-i-know-it-is-the-whole-account";
    const exported = await run(installation, ["sessions", "export", "me", "--format", "pyrogram", flag]);
    expect(readSessionString(exported.output).format).toBe("pyrogram");
    const twice = await run(installation, ["sessions", "import", "two"], exported.output);
    expect([twice.code, twice.errors]).toEqual([1, expect.stringContaining("SESSION_STRING_KNOWN")]);
    // As after a move to another machine.
    const database = new Database(installation.databasePath);
    database.run("delete from sessions");
    database.close();
    const imported = await run(installation, ["sessions", "import", "two"], exported.output);
    expect([imported.code, imported.output]).toEqual([0, expect.stringContaining("two is Olivia")]);
    expect(imported.errors).not.toContain(exported.output.trim());
    expect(installation.emulator.world.sessions(installation.owner.id)).toHaveLength(1);
  });

  test("imports beside a program that runs, which takes the account up", async () => {
    const admin = { port: await freePort(), tokenFile: "token" };
    await using installation = await createInstallation({ admin });
    await installation.logIn();
    const flag = "--yes-i-know-it-is-the-whole-account";
    const exported = await run(installation, ["sessions", "export", "me", flag]);
    const database = new Database(installation.databasePath);
    database.run("delete from sessions");
    database.close();
    await using program = startCli(["run", "--await-login"], { folder: installation.folder });
    await program.seen(/ready:/);
    const broken = await run(installation, ["sessions", "import", "me"], exported.output.slice(0, 40));
    expect([broken.code, broken.errors]).toEqual([1, expect.stringContaining("SESSION_STRING_UNKNOWN")]);
    const imported = await run(installation, ["sessions", "import", "me"], exported.output);
    expect([imported.code, imported.errors]).toEqual([
      0,
      expect.stringContaining("The program that runs uses it from now on"),
    ]);
    await program.seen(/"state":"online"/);
    const again = await run(installation, ["sessions", "import", "me"], exported.output);
    expect([again.code, again.errors]).toEqual([1, expect.stringContaining("LEASE_HELD")]);
  });

  test("finds a way out of a key that was changed on the disk, and into other accounts beside it", async () => {
    await using installation = await createInstallation({ accounts: { me: {}, two: {} } });
    await installation.logIn();
    const flag = "--yes-i-know-it-is-the-whole-account";
    const exported = await run(installation, ["sessions", "export", "me", flag]);
    const damage = () => {
      using database = new Database(installation.databasePath);
      database.run("UPDATE auth_keys SET sealed = zeroblob(length(sealed))");
    };
    damage();
    const listed = await run(installation, ["sessions", "list", "--remote"]);
    expect([listed.code, listed.output]).toEqual([1, expect.stringContaining("SESSION_KEY_MISSING")]);
    const imported = await run(installation, ["sessions", "import", "two"], exported.output);
    expect([imported.code, imported.output]).toEqual([0, expect.stringContaining("two is Olivia")]);
    const revoked = await run(installation, ["sessions", "revoke", "me", "--yes"]);
    expect([revoked.code, revoked.output]).toEqual([0, expect.stringContaining("as its key is lost")]);
    damage();
    const again = await run(installation, ["sessions", "import", "two"], exported.output);
    expect([again.code, again.output]).toEqual([0, expect.stringContaining("two is Olivia")]);
  });

  test("says which process has a session, where no program runs that could be asked", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    await using opened = await installation.open();
    // As another command that waits for Telegram.
    installation.emulator.halt();
    const asking = opened.app.sessions.authorizations("me").catch(() => undefined);
    while ((await opened.app.sessions.show("me")).heldBy === null) await Bun.sleep(5);
    const refused = await run(installation, ["sessions", "rotate", "me"]);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringMatching(/process \d+ .*LEASE_HELD/)]);
    await using program = startCli(["run"], { folder: installation.folder });
    await program.seen(/"state":"waiting".*ready: 1 account/s);
    installation.emulator.resume();
    await asking;
    await program.seen(/"state":"online"/);
  });

  test("cleans up what nobody has used for two weeks, after it was named", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const none = await run(installation, ["sessions", "cleanup", "--yes"]);
    expect(none.output).toContain("No session is unused");
    const database = new Database(installation.databasePath);
    database.run("update sessions set last_used_at_ms = ?", [Date.now() - 15 * 86_400_000]);
    database.close();
    expect((await run(installation, ["sessions"])).output).toContain("unused for two weeks:");
    {
      using noticed = new Database(installation.databasePath);
      noticed.run("update sessions set noticed_at_ms = ?", [Date.now()]);
    }
    expect((await run(installation, ["sessions"])).output).toMatch(
      /unused for two weeks, a program that runs ends it from \d{4}-\d\d-\d\dT\S+Z on:/,
    );
    const dry = await run(installation, ["sessions", "cleanup", "--dry-run", "--json"]);
    expect(JSON.parse(dry.output)).toEqual({ unused: ["me"], ended: [], failed: [] });
    const cleaned = await run(installation, ["sessions", "cleanup", "--yes", "--json"]);
    expect(JSON.parse(cleaned.output)).toEqual({ unused: ["me"], ended: ["me"], failed: [] });
    expect(installation.emulator.world.sessions(installation.owner.id)).toEqual([]);
  });

  test.each([
    { args: ["frob"], says: "none of list, show, import" },
    { args: ["show"], says: "Argument NAME is missing" },
    { args: ["show", "me", "7"], says: "one too many" },
    { args: ["export", "me", "--format", "frob"], says: "takes one of gramjs" },
  ])("refuses $args with what to type", async ({ args, says }) => {
    await using installation = await createInstallation();
    const refused = await run(installation, ["sessions", ...args]);
    expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining(says)]);
  });
});

describe("telegraphist login", () => {
  test("refuses without a terminal, and names the API", async () => {
    await using installation = await createInstallation();
    const refused = await run(installation, ["login", "me"]);
    expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining("--await-login")]);
  });
});

describe("telegraphist sessions rotate", () => {
  const keysOf = ({ emulator, owner }: Installation) =>
    emulator.world.sessions(owner.id).map(({ authKeyId }) => authKeyId);

  test("asks for the password to be left, takes it from standard input, and makes a new session", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const before = keysOf(installation);
    const refused = await run(installation, ["sessions", "rotate", "me"]);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining("ROTATION_NEEDS_PASSWORD")]);
    const left = await run(installation, ["sessions", "password", "me"], `${ownerPassword}\n`);
    expect([left.code, left.output]).toEqual([0, expect.stringContaining("the password of me is kept")]);
    expect(left.output + left.errors).not.toContain(ownerPassword);
    expect((await run(installation, ["sessions", "rotate", "me"])).code).toBe(0);
    expect(keysOf(installation)).toHaveLength(1);
    expect(keysOf(installation)).not.toEqual(before);
    const forgotten = await run(installation, ["sessions", "password", "me", "--forget"]);
    expect([forgotten.code, forgotten.output]).toEqual([0, expect.stringContaining("no password of me")]);
    expect((await run(installation, ["sessions", "rotate", "me"])).code).toBe(1);
  });

  test("has the program that runs do it", async () => {
    const port = await freePort();
    await using installation = await createInstallation({ admin: { port, tokenFile: "token" } });
    await installation.logIn();
    await run(installation, ["sessions", "password", "me"], ownerPassword);
    const before = keysOf(installation);
    await using program = startCli(["run"], { folder: installation.folder });
    await program.seen(/ready:/);
    const rotated = await run(installation, ["sessions", "rotate", "me"]);
    expect([rotated.code, rotated.errors]).toEqual([0, ""]);
    expect(keysOf(installation)).toHaveLength(1);
    expect(keysOf(installation)).not.toEqual(before);
  });
});
