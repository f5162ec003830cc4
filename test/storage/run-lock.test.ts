import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { lockForRunning } from "../../runtime/storage/index.ts";
import { temporaryFolder } from "./fixture.ts";

describe("lockForRunning()", () => {
  test("lets one program have a database at a time", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "telegraphist.sqlite");
    const release = lockForRunning(path);
    expect(() => lockForRunning(path)).toThrow(
      `Cannot run on database "${path}": another process holds it; is Telegraphist running twice? (SQLITE_BUSY)`,
    );
    release();
    lockForRunning(path)();
  });

  test("has nothing to take for a database in memory", () => {
    lockForRunning(":memory:");
    lockForRunning(":memory:");
  });

  test("says that the folder cannot be written", () => {
    expect(() => lockForRunning("/nowhere/at/all/telegraphist.sqlite")).toThrow(/cannot be read and written/);
  });
});
