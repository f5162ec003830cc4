import { describe, expect, test } from "bun:test";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { type Emulator, startEmulator } from "../../runtime/emulator/index.ts";
import { createInstallation } from "../e2e/installation.ts";
import { startCli } from "./cli-process.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

type Announced = Emulator["server"] & Pick<Emulator, "controlUrl">;

describe("telegraphist emulator", () => {
  test("is reached by a client at what --json prints, and ends at SIGTERM", async () => {
    await using emulator = startCli(["emulator", "--json"]);
    await emulator.seen(/\n/);
    // The one line that it prints.
    const { controlUrl, ...server } = JSON.parse(emulator.output()) as Announced;
    expect(server.dataCentres).toHaveLength(2);
    await using installation = await createInstallation({ server });
    await using opened = await installation.open();
    const phone = "+9996619077";
    const created = await fetch(`${controlUrl}/users`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ firstName: "Emil", phone }),
    });
    expect(created.status).toBeLessThan(300);
    const user = await opened.app.login("me", {
      phone: async () => phone,
      code: async () => {
        const answer = await fetch(`${controlUrl}/login-codes/${encodeURIComponent(phone)}`);
        // What the control answers.
        return ((await answer.json()) as { readonly code: string }).code;
      },
      password: async () => "",
    });
    expect(user.firstName).toBe("Emil");
    await opened.app.stop();
    emulator.kill("SIGTERM");
    expect(await emulator.exited).toBe(0);
    expect(emulator.errors()).toBe("");
  });

  test("prints lines for the configuration that check takes", async () => {
    await using emulator = startCli(["emulator"]);
    await emulator.seen(/END RSA PUBLIC KEY/);
    const yaml = emulator.output().slice(emulator.output().indexOf("\ntelegram:"));
    await using installation = await createInstallation();
    await installation.write("telegraphist.yaml", `version: 1${yaml}accounts: { me: {} }\n`);
    await using check = startCli(["check"], { folder: installation.folder });
    expect(await check.exited).toBe(0);
    emulator.kill("SIGINT");
    expect(await emulator.exited).toBe(0);
  });

  test("has as many data centres as are asked for", async () => {
    await using emulator = startCli(["emulator", "--json", "--data-centres", "5"]);
    await emulator.seen(/\n/);
    const { dataCentres } = JSON.parse(emulator.output()) as Announced;
    expect(dataCentres.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  });

  test("plays the faults of a file, and tells each", async () => {
    await using installation = await createInstallation();
    await installation.write("faults.yaml", "faults:\n  - clear:\n    everyMs: 20\n");
    await using emulator = startCli(["emulator", "--faults", "faults.yaml"], { folder: installation.folder });
    await emulator.seen(/(fault {2}clear\n){3}/);
    emulator.kill("SIGINT");
    expect(await emulator.exited).toBe(0);
  });

  test("shows where a file of faults is wrong, and starts nothing", async () => {
    await using installation = await createInstallation();
    await installation.write("faults.yaml", "faults:\n  - clear:\n    everyMs: 1\n");
    const terminal = recordedTerminal({ folder: installation.folder });
    expect(await runCli(["emulator", "--faults", "faults.yaml"], terminal)).toBe(exitCodes.failed);
    expect(terminal.errors()).toContain("faults.yaml:3:14 error: must be a whole number from 10 to 86400000");
    expect(await runCli(["emulator", "--faults", "none.yaml"], terminal)).toBe(exitCodes.failed);
    expect(terminal.errors()).toContain("cannot read file: there is none");
  });

  test.each([
    ["the port of a data centre", "--port"],
    ["the port of the control", "--control-port"],
  ])("says so when %s is taken", async (_, option) => {
    await using taken = await startEmulator();
    const port = new URL(taken.controlUrl).port;
    const terminal = recordedTerminal();
    expect(await runCli(["emulator", option, port], terminal)).toBe(exitCodes.failed);
    expect(terminal.errors()).toContain(
      `Cannot start the emulator on "127.0.0.1": a port is in use, without`,
    );
    expect(terminal.errors()).toContain("(CLI_PORT_IN_USE)");
  });

  test("says so when the address is another machine's", async () => {
    const terminal = recordedTerminal();
    expect(await runCli(["emulator", "--host", "203.0.113.9"], terminal)).toBe(exitCodes.failed);
    expect(terminal.errors()).toContain("(CLI_CANNOT_LISTEN)");
  });
});
