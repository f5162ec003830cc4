import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createInstallation, type Installation, ownerPhone } from "../e2e/installation.ts";
import { startCli } from "./cli-process.ts";
import { noTerminal, startAtTerminal } from "./cli-terminal.ts";

// Each starts several programs.
setDefaultTimeout(60_000);

/** The ids of events that were kept. */
function keptEvents({ databasePath }: Installation): readonly string[] {
  using database = new Database(databasePath);
  const rows = database.query<{ key: string }, []>("select key from journal_events").all();
  return rows.map(({ key }) => key);
}

const asking = [
  { method: "account.getAuthorizations", args: ["sessions", "list", "--remote"] },
  { method: "auth.logOut", args: ["sessions", "revoke", "me", "--yes"] },
  { method: "updates.getState", args: ["doctor", "--repair"] },
];

describe("a command that Telegram wants to wait for an hour", () => {
  test.each(asking)("says so and ends: $args", async ({ method, args }) => {
    await using installation = await createInstallation();
    await installation.logIn();
    installation.emulator.world.faults.floodWait({ method, seconds: 3600 });
    await using process = startCli(args, installation);
    expect(await process.exited).toBe(1);
    expect(process.output() + process.errors()).toContain("FLOOD_WAIT");
    expect(process.errors()).not.toContain("Events could not be kept");
    expect(keptEvents(installation)).toEqual([expect.stringContaining(`me/flood.waiting/${method}`)]);
  });

  test("says so and ends where there is no journal", async () => {
    await using installation = await createInstallation({ journal: { enabled: false } });
    await installation.logIn();
    installation.emulator.world.faults.floodWait({ method: "account.getAuthorizations", seconds: 3600 });
    await using process = startCli(["sessions", "list", "--remote"], installation);
    expect(await process.exited).toBe(1);
    expect(process.errors()).toContain("FLOOD_WAIT");
    expect(process.errors()).not.toContain("Events could not be kept");
  });

  test.skipIf(noTerminal !== null)(`says so and ends: login${noTerminal ?? ""}`, async () => {
    await using installation = await createInstallation();
    installation.emulator.world.faults.floodWait({ method: "auth.sendCode", seconds: 3600 });
    await using terminal = startAtTerminal(["login", "me"], installation);
    await terminal.seen(/Phone number/);
    terminal.type(ownerPhone);
    await terminal.seen(/FLOOD_WAIT/);
    expect(await terminal.exited).toBe(1);
    expect(terminal.shown()).not.toContain("Events could not be kept");
  });
});
