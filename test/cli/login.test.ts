import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createInstallation, type Installation, ownerPassword, ownerPhone } from "../e2e/installation.ts";
import { freePort } from "../support/free-port.ts";
import { startCli } from "./cli-process.ts";
import { type CliTerminal, noTerminal, startAtTerminal } from "./cli-terminal.ts";
import { scan } from "./scan-qr.ts";

// Programs start, on a machine that is busy.
setDefaultTimeout(60_000);

const session = async ({ folder }: Installation) => {
  await using process = startCli(["sessions", "--json"], { folder });
  await process.exited;
  return JSON.parse(process.output()).sessions[0]?.state ?? null;
};

/** Answers the questions of a login by phone, each wrongly at first. */
async function logInByPhone(terminal: CliTerminal, { emulator }: Installation): Promise<void> {
  await terminal.seen(/Phone number/);
  terminal.type("+9996610000");
  await terminal.seen(/Code of 5 digits/);
  terminal.type("n");
  await terminal.seen(/Phone number/);
  terminal.type(ownerPhone);
  await terminal.seen(/Code of 5 digits, sent by Telegram, to your other devices/);
  terminal.type("r");
  await terminal.seen(/Code of 5 digits, sent by SMS/);
  terminal.type("00000");
  await terminal.seen(/PHONE_CODE_INVALID.*Code of 5 digits/s);
  terminal.type(emulator.world.loginCode(ownerPhone) ?? "");
  await terminal.seen(/Two-step password/);
  terminal.type("a wrong horse");
  await terminal.seen(/PASSWORD_HASH_INVALID.*Two-step password.*try 2 of 5/s);
  terminal.type(ownerPassword);
}

async function logInByQr(terminal: CliTerminal, { emulator, owner }: Installation): Promise<void> {
  const shown = await terminal.seen(/Ctrl-C ends/);
  emulator.world.scanLoginCode(owner.id, scan(shown));
  await terminal.seen(/Two-step password/);
  terminal.type(ownerPassword);
}

const ways = [
  { by: "phone", args: ["login", "me"], logIn: logInByPhone, question: /Phone number/ },
  { by: "QR code", args: ["login", "me", "--qr"], logIn: logInByQr, question: /Ctrl-C ends/ },
];

describe.skipIf(noTerminal !== null)(`telegraphist login at a terminal${noTerminal ?? ""}`, () => {
  test.each(ways)("by $by asks what is wanted and keeps the session", async ({ args, logIn }) => {
    await using installation = await createInstallation();
    await using terminal = startAtTerminal(args, installation);
    await logIn(terminal, installation);
    await terminal.seen(/Logged in as Olivia/);
    expect(await terminal.exited).toBe(0);
    expect(terminal.shown()).not.toContain(ownerPassword);
    expect(await session(installation)).toBe("active");
  });

  test.each(ways)("by $by has a program that runs take the account up", async ({ args, logIn }) => {
    const admin = { port: await freePort(), tokenFile: "token" };
    await using installation = await createInstallation({ admin });
    const { folder } = installation;
    await using program = startCli(["run", "--await-login"], { folder });
    await program.seen(/ready:/);
    await using terminal = startAtTerminal(args, installation);
    await logIn(terminal, installation);
    await terminal.seen(/Logged in as Olivia\. The program that runs uses it from now on/);
    expect(await terminal.exited).toBe(0);
    await program.seen(/"state":"online"/);
    expect(program.errors()).not.toContain(ownerPassword);
  });

  test.each(ways)("by $by changes nothing when Ctrl-C is pressed", async ({ args, question }) => {
    await using installation = await createInstallation();
    await using terminal = startAtTerminal(args, installation);
    await terminal.seen(question);
    terminal.pressCtrlC();
    await terminal.seen(/Nothing was changed/);
    expect(await terminal.exited).toBe(130);
    expect(await session(installation)).toBeNull();
  });

  test.each([
    ["another installation", () => Response.json({ error: { code: "ADMIN_UNAUTHORIZED" } }, { status: 401 })],
    ["something else", () => new Response("<p>Welcome</p>")],
  ])("goes on where %s answers at the program's port", async (_, answer) => {
    await using stranger = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
    const admin = { port: stranger.port, tokenFile: "token" };
    await using installation = await createInstallation({ admin });
    await installation.write("token", "a".repeat(64));
    await using terminal = startAtTerminal(["login", "me"], installation);
    await logInByPhone(terminal, installation);
    await terminal.seen(/Logged in as Olivia\. A program that runs takes it up by itself/);
    expect(await terminal.exited).toBe(0);
  });

  test("says why an account that runs cannot be logged in", async () => {
    const admin = { port: await freePort(), tokenFile: "token" };
    await using installation = await createInstallation({ admin });
    await installation.logIn();
    await using program = startCli(["run"], { folder: installation.folder });
    await program.seen(/ready:/);
    await using terminal = startAtTerminal(["login", "me"], installation);
    await terminal.seen(/process \d+ on ".+" has had it since.*LEASE_HELD/s);
    expect(await terminal.exited).toBe(1);
  });
});
