import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { startEmulator } from "../../runtime/emulator/index.ts";
import { createInstallation, type Installation, ownerPassword, ownerPhone } from "../e2e/installation.ts";
import { type CliTerminal, noTerminal, startAtTerminal } from "./cli-terminal.ts";
import { scan } from "./scan-qr.ts";

// Programs start, on a machine that is busy.
setDefaultTimeout(60_000);

const code = ({ emulator }: Installation) => emulator.world.loginCode(ownerPhone) ?? "";

async function givePhone(terminal: CliTerminal, phone = ownerPhone): Promise<void> {
  await terminal.seen(/Phone number/);
  terminal.type(phone);
  await terminal.seen(/Code of 5 digits/);
}

async function giveCode(terminal: CliTerminal, installation: Installation): Promise<void> {
  await givePhone(terminal);
  terminal.type(code(installation));
  await terminal.seen(/Two-step password/);
}

describe.skipIf(noTerminal !== null)(`telegraphist login that fails${noTerminal ?? ""}`, () => {
  test("has another code sent in place of one that was too old, and says so", async () => {
    await using installation = await createInstallation();
    await using terminal = startAtTerminal(["login", "me"], installation);
    await givePhone(terminal);
    const old = code(installation);
    installation.emulator.world.faults.expireLoginCode(ownerPhone);
    terminal.type(old);
    await terminal.seen(/too old, give the new one that was sent just now \(PHONE_CODE_EXPIRED\).*Code of/s);
    terminal.type(code(installation));
    await terminal.seen(/Two-step password/);
    terminal.type(ownerPassword);
    await terminal.seen(/Logged in as Olivia/);
    expect(await terminal.exited).toBe(0);
  });

  test("says of a number without an account to sign up elsewhere", async () => {
    await using installation = await createInstallation();
    await using terminal = startAtTerminal(["login", "me"], installation);
    const stranger = "+9996610001";
    await givePhone(terminal, stranger);
    terminal.type(installation.emulator.world.loginCode(stranger) ?? "");
    await terminal.seen(/sign up in an official app first \(SIGN_UP_REQUIRED\)/);
    expect(await terminal.exited).toBe(1);
  });

  test("ends after five wrong passwords with what next", async () => {
    await using installation = await createInstallation();
    await using terminal = startAtTerminal(["login", "me"], installation);
    await giveCode(terminal, installation);
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      terminal.type("a wrong horse");
      await terminal.seen(new RegExp(`PASSWORD_HASH_INVALID.*try ${attempt} of 5`, "s"));
    }
    terminal.type("a wrong horse");
    await terminal.seen(/5 passwords were not taken: .*reset it in an official app/s);
    expect(await terminal.exited).toBe(1);
    expect(terminal.shown()).not.toContain("a wrong horse");
  });

  test("takes the code back at Ctrl-C, and changes nothing", async () => {
    await using installation = await createInstallation();
    await using terminal = startAtTerminal(["login", "me"], installation);
    await givePhone(terminal);
    terminal.pressCtrlC();
    await terminal.seen(/Nothing was changed/);
    expect(await terminal.exited).toBe(130);
    expect(installation.emulator.world.loginCode(ownerPhone)).toBeNull();
  });

  test("changes nothing at Ctrl-C at the password", async () => {
    await using installation = await createInstallation();
    await using terminal = startAtTerminal(["login", "me"], installation);
    await giveCode(terminal, installation);
    terminal.pressCtrlC();
    await terminal.seen(/Nothing was changed/);
    expect(await terminal.exited).toBe(130);
    expect(installation.emulator.world.sessions(installation.owner.id)).toEqual([]);
  });
});

describe.skipIf(noTerminal !== null)(`telegraphist login --qr${noTerminal ?? ""}`, () => {
  test("draws the next code over the one before, and that one is good", async () => {
    // By the server's clock a code has four seconds, and so is shown for as short as it may be.
    await using emulator = await startEmulator({ dataCentres: 1, worldNow: () => Date.now() - 26_000 });
    await using installation = await createInstallation({ emulator });
    await using terminal = startAtTerminal(["login", "me", "--qr"], installation);
    const first = scan(await terminal.seen(/Ctrl-C ends/));
    const second = scan(await terminal.seen(/Ctrl-C ends/));
    expect(second).not.toBe(first);
    const rows = 19 + 2;
    expect(terminal.raw()).toContain(`\u001b[${rows}A\u001b[0J`);
    installation.emulator.world.scanLoginCode(installation.owner.id, second);
    await terminal.seen(/Two-step password/);
    terminal.pressCtrlC();
    expect(await terminal.exited).toBe(130);
  });

  test.each([
    { cols: 30, rows: 50 },
    { cols: 120, rows: 12 },
  ])("shows the link where the code does not fit into $cols columns and $rows rows", async (size) => {
    await using installation = await createInstallation();
    await using terminal = startAtTerminal(["login", "me", "--qr"], installation, size);
    const shown = await terminal.seen(/Ctrl-C\s+ends/);
    expect(shown).not.toMatch(/[▀▄█]/);
    const [url = ""] = /tg:\/\/login\?token=[\w-]+/.exec(shown) ?? [];
    installation.emulator.world.scanLoginCode(installation.owner.id, url);
    await terminal.seen(/Two-step password/);
    terminal.pressCtrlC();
    expect(await terminal.exited).toBe(130);
  });
});
