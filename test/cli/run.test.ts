import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { openStorage, wholeDatabase } from "../../runtime/storage/index.ts";
import { createInstallation } from "../e2e/installation.ts";
import { pluginText } from "../e2e/plugin-text.ts";
import { newVault } from "../storage/fixture.ts";
import { startCli } from "./cli-process.ts";

// Programs start, on a machine that is busy.
setDefaultTimeout(60_000);

/** Says when it is asked to stop, and then stops or not. */
const slow = (disposal: string) =>
  pluginText(
    "slow",
    `setup({ onDispose }) { onDispose(() => { process.stderr.write("slow: asked to stop\\n"); ${disposal} }); },`,
  );

describe("telegraphist run", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("stops in order at %s and keeps the session", async (signal) => {
    await using installation = await createInstallation({ plugins: { slow: { use: "./slow.ts" } } });
    await installation.write("slow.ts", slow(""));
    await installation.logIn();
    for (const round of [1, 2]) {
      await using run = startCli(["run"], { folder: installation.folder });
      await run.seen(/ready: 1 account\(s\), 1 of 1 plugin\(s\) running/);
      expect(installation.emulator.connections().length).toBeGreaterThan(0);
      run.kill(signal);
      expect(await run.exited).toBe(0);
      expect(run.errors()).toContain("Stopping (Ctrl-C again to stop at once)");
      expect(run.errors()).toContain("slow: asked to stop");
      expect(run.errors()).not.toContain("Stopped without order");
      expect(installation.emulator.world.sessions(installation.owner.id)).toHaveLength(1);
      expect({ round, stdout: run.output() }).toEqual({ round, stdout: "" });
    }
  });

  test("leaves a plugin behind that does not stop, and says which", async () => {
    await using installation = await createInstallation({
      plugins: { slow: { use: "./slow.ts" } },
      limits: { stopTimeoutMs: 200 },
    });
    await installation.write("slow.ts", slow("return new Promise(() => {});"));
    await installation.logIn();
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready:/);
    run.kill("SIGTERM");
    expect(await run.exited).toBe(0);
    expect(run.errors()).toMatch(/"level":"error".*"plugin":"slow","phase":"dispose"/);
    expect(run.errors()).not.toContain("Stopped without order");
  });

  test("stops at once at a second signal", async () => {
    await using installation = await createInstallation({ plugins: { slow: { use: "./slow.ts" } } });
    await installation.write("slow.ts", slow("return new Promise(() => {});"));
    await installation.logIn();
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready:/);
    run.kill("SIGINT");
    await run.seen(/slow: asked to stop/);
    run.kill("SIGINT");
    expect(await run.exited).toBe(130);
    expect(run.errors()).toContain("Stopped without order as a second signal came");
  });

  test("finds the session whole after it was killed", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    {
      await using run = startCli(["run"], { folder: installation.folder });
      await run.seen(/ready:/);
    }
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready: 1 account/);
    run.kill("SIGINT");
    expect(await run.exited).toBe(0);
    expect(installation.emulator.world.sessions(installation.owner.id)).toHaveLength(1);
  });

  test("refuses a time to wait that is none", async () => {
    await using installation = await createInstallation();
    await using run = startCli(["run", "--wait", "soon"], { folder: installation.folder });
    expect(await run.exited).toBe(2);
    expect(run.errors()).toContain('Option --wait needs seconds from 0 to 3600: received "soon"');
  });

  test("refuses to run beside another on the same database", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    await using first = startCli(["run"], { folder: installation.folder });
    await first.seen(/ready:/);
    await using second = startCli(["run"], { folder: installation.folder });
    expect(await second.exited).toBe(1);
    expect(second.errors()).toMatch(
      /process \d+ on ".+" has run on it since .+; is Telegraphist running twice\?/,
    );
    expect(second.errors()).toContain("(LEASE_HELD)");
    await using doctor = startCli(["doctor"], { folder: installation.folder });
    expect(await doctor.exited).toBe(0);
  });

  test("says how many accounts run where not all do", async () => {
    await using installation = await createInstallation({ accounts: { me: {}, two: {} } });
    await installation.logIn();
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready: 1 of 2 account\(s\)/);
  });

  describe("beside a program of an older version", () => {
    /** As it is on the disk, and with the lease of this process. */
    async function runOlder() {
      await using made = new AsyncDisposableStack();
      const installation = made.use(await createInstallation());
      await installation.logIn();
      const path = installation.databasePath;
      const older = made.use(await openStorage({ path, vault: newVault() }));
      await older.sessionLeases.take(wholeDatabase, 600_000);
      const schemaVersion = () => {
        using connection = new Database(path);
        return connection.query("PRAGMA user_version").get();
      };
      {
        using connection = new Database(path);
        connection.run("ALTER TABLE sessions DROP COLUMN noticed_at_ms");
        connection.run("PRAGMA user_version = 7");
      }
      const owned = made.move();
      return { installation, older, schemaVersion, [Symbol.asyncDispose]: () => owned.disposeAsync() };
    }

    test("changes nothing, and says who runs", async () => {
      await using it = await runOlder();
      await using run = startCli(["run"], { folder: it.installation.folder });
      expect(await run.exited).toBe(1);
      expect(run.errors()).toMatch(/process \d+ on ".+" runs on it with an older one.*\(LEASE_HELD\)/);
      expect(it.schemaVersion()).toEqual({ user_version: 7 });
    });

    test("waits for its end where it is told to, and then runs", async () => {
      await using it = await runOlder();
      await using run = startCli(["run", "--wait", "50"], { folder: it.installation.folder });
      await run.seen(/waiting: Cannot bring the database to this version/);
      await it.older.sessionLeases.release(wholeDatabase);
      await run.seen(/ready: 1 account/);
      expect(it.schemaVersion()).not.toEqual({ user_version: 7 });
    });

    test("ends at Ctrl-C while it waits", async () => {
      await using it = await runOlder();
      await using run = startCli(["run", "--wait", "50"], { folder: it.installation.folder });
      await run.seen(/waiting: /);
      run.kill("SIGINT");
      expect(await run.exited).toBe(130);
      expect(it.schemaVersion()).toEqual({ user_version: 7 });
    });
  });
});
