import { Database as Connection } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { parsePluginName, TelegraphistError } from "../../runtime/contract/index.ts";
import { openDatabase } from "../../runtime/storage/database.ts";
import { openStorage } from "../../runtime/storage/index.ts";
import { migrate, migrations, schemaVersionOf } from "../../runtime/storage/migrations.ts";
import { createPluginStoreRepository } from "../../runtime/storage/plugin-store.ts";
import { createLogger } from "../../telemetry/index.ts";
import { newVault, temporaryFolder } from "./fixture.ts";

describe("Database", () => {
  test("is durable on every commit and holds foreign keys", async () => {
    const { connection, close } = await openDatabase({ path: ":memory:" });
    const pragma = (name: string) => Object.values(connection.query(`PRAGMA ${name}`).get() ?? {})[0];
    expect(pragma("synchronous")).toBe(2);
    expect(pragma("foreign_keys")).toBe(1);
    close();
  });

  test("a full disk is told apart, and nothing is half written", async () => {
    const database = await openDatabase({ path: ":memory:" });
    const store = createPluginStoreRepository(database, Date.now);
    const plugin = parsePluginName("archive");
    await store.set(plugin, "before", 1);
    database.connection.run("PRAGMA max_page_count = 1");
    const big = "x".repeat(1_000_000);
    await expect(store.set(plugin, "big", big)).rejects.toMatchObject({
      code: "STORAGE_FULL",
      category: "STORAGE",
      retryable: true,
    });
    expect(await store.get(plugin, "big")).toBeUndefined();
    expect(await store.get(plugin, "before")).toBe(1);
    database.close();
  });

  test("transact() undoes everything when a part fails", async () => {
    const database = await openDatabase({ path: ":memory:" });
    const failing = database.transact("test.fail", (queries) => {
      queries.run(sql`INSERT INTO accounts VALUES ('me', NULL, 0)`);
      queries.run(sql`INSERT INTO auth_keys VALUES ('nobody', 2, 'k', x'00')`);
    });
    await expect(failing).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      data: { reason: "SQLITE_CONSTRAINT_FOREIGNKEY" },
    });
    expect(database.connection.query("SELECT * FROM accounts").all()).toEqual([]);
    database.close();
  });

  test("an error shows neither SQL nor values", async () => {
    const database = await openDatabase({ path: ":memory:" });
    const failing = database.run("test.fail", (queries) => {
      queries.run(sql`INSERT INTO auth_keys VALUES (${"open sesame"}, 2, 'k', x'00')`);
    });
    const error = await failing.catch((thrown: unknown) => thrown);
    if (!(error instanceof TelegraphistError)) throw new Error("no error of ours");
    expect(JSON.stringify(error) + String(error.cause)).not.toMatch(/sesame|INSERT/);
    database.close();
  });

  test("a slow operation is logged by its name alone", async () => {
    const lines: string[] = [];
    const logger = createLogger({ write: (line) => void lines.push(line) });
    const database = await openDatabase({ path: ":memory:", logger, slowOperationMs: 0 });
    await database.run("test.slow", (queries) => queries.run(sql`SELECT ${"open sesame"}`));
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "warn", operation: "test.slow" });
    expect(lines.join()).not.toContain("sesame");
    database.close();
  });
});

describe("migrate()", () => {
  test("changes nothing under a program that runs, and does it once that is gone", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const time = { nowMs: 1_000 };
    const now = () => time.nowMs;
    await using running = await openStorage({ path, vault: newVault(), now });
    await running.sessionLeases.take("*", 500);
    using connection = new Connection(path);
    const steps = [...migrations, "ALTER TABLE accounts ADD COLUMN nickname text"];
    expect(() => migrate(connection, steps, now)).toThrow(/process \d+ on ".+" runs on it with an older one/);
    expect(schemaVersionOf(connection)).toBe(migrations.length);
    time.nowMs += 500;
    migrate(connection, steps, now);
    expect(schemaVersionOf(connection)).toBe(steps.length);
  });

  test("brings every earlier version to the newest", () => {
    for (let version = 0; version <= migrations.length; version++) {
      using connection = new Connection(":memory:");
      if (version > 0) migrate(connection, migrations.slice(0, version));
      migrate(connection);
      expect(schemaVersionOf(connection)).toBe(migrations.length);
    }
  });

  test("takes all missing steps or none", () => {
    using connection = new Connection(":memory:");
    migrate(connection);
    const steps = [...migrations, "CREATE TABLE new_one (a)", "CREATE TABLE oops ("];
    expect(() => migrate(connection, steps)).toThrow();
    expect(schemaVersionOf(connection)).toBe(migrations.length);
    expect(connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'new_one'").get()).toBeNull();
  });

  test("refuses a step that would leave rows that refer to nothing", () => {
    using connection = new Connection(":memory:");
    migrate(connection);
    connection.run("INSERT INTO accounts VALUES ('me', NULL, 0)");
    connection.run("INSERT INTO update_states VALUES ('me', 1, 1, 1, 1)");
    expect(() => migrate(connection, [...migrations, "DELETE FROM accounts"])).toThrow(
      expect.objectContaining({ code: "STORAGE_CORRUPT" }),
    );
    expect(connection.query("SELECT count(*) AS n FROM accounts").get()).toEqual({ n: 1 });
  });

  test("has every file of the migrations folder in its list", async () => {
    const folder = `${import.meta.dir}/../../runtime/storage/migrations`;
    const names = [...new Bun.Glob("*.sql").scanSync({ cwd: folder })].sort();
    const texts = await Promise.all(names.map((name) => Bun.file(`${folder}/${name}`).text()));
    expect(migrations).toEqual(texts);
  });
});
