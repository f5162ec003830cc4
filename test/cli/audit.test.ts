import { describe, expect, test } from "bun:test";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { createInstallation } from "../e2e/installation.ts";
import { pluginText } from "../e2e/plugin-text.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const plugin = pluginText(
  "nosy",
  `async setup({ telegram, http }) {
    await telegram.send("me", "walnut");
    for (let tries = 0; tries < 3; tries++) await telegram.contacts().catch(() => undefined);
    await http.request("http://169.254.169.254/latest").catch(() => undefined);
  },`,
  `{ telegram: ["messages:send", "contacts:read"], chats: ["*"], net: ["*"] }`,
);

async function audit(folder: string, ...args: readonly string[]) {
  const terminal = recordedTerminal({ folder });
  const code = await runCli(["audit", ...args], terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

describe("telegraphist audit", () => {
  test("tells what a plugin did and was refused, after the program has ended", async () => {
    const allow = { telegram: ["messages:send"], chats: ["*"], net: ["*"] };
    await using installation = await createInstallation({ plugins: { nosy: { use: "./nosy.ts", allow } } });
    const { folder } = installation;
    expect(await audit(folder)).toMatchObject({ code: exitCodes.ok, output: "Nothing is on record\n" });
    await installation.write("nosy.ts", plugin);
    await installation.logIn();
    const { app } = await installation.open();
    await app.start();
    await app.stop();

    const { output } = await audit(folder);
    expect(output).toMatch(/allowed {2}nosy {2}telegram\.send {2}me {2}as me\n/);
    expect(output).toMatch(
      /denied {3}nosy {2}telegram\.contacts {2}as me {2}\(PERMISSION_DENIED, lacks telegram\)/,
    );
    expect(output).toMatch(
      /denied {3}nosy {2}http\.request GET {2}169\.254\.169\.254:80 {2}\(PERMISSION_DENIED, lacks net\)/,
    );
    expect(output).toMatch(/allowed {2}nosy {2}plugin\.running\n/);
    expect(output).toMatch(/allowed {2}nosy {2}plugin\.stopped\n/);
    expect(output).not.toContain("walnut");

    const { output: json } = await audit(folder, "--verdict", "denied", "--plugin", "nosy", "--json");
    // What auditCommand prints.
    const { entries } = JSON.parse(json) as {
      entries: readonly { readonly call: string; readonly count: number }[];
    };
    expect(entries.map(({ call }) => call)).toContain("http.request GET");
    const contacts = entries.filter(({ call }) => call === "telegram.contacts");
    expect(contacts.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    const lines = (await Bun.file(`${folder}/audit.jsonl`).text()).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).call)).toContain("plugin.running");
    expect(await Bun.file(`${folder}/telegraphist.lock`).json()).toMatchObject({
      plugins: { nosy: { use: "./nosy.ts", version: "1.2.3" } },
    });
  }, 30_000);

  test.each([
    ["--verdict", "maybe"],
    ["--limit", "0"],
  ])("takes no %s %s", async (option, value) => {
    expect(await audit("/", option, value)).toMatchObject({ code: exitCodes.usage });
  });

  test("prints what is wrong with the configuration", async () => {
    await using installation = await createInstallation();
    await installation.write("telegraphist.yaml", "version: 2\n");
    expect(await audit(installation.folder)).toMatchObject({ code: exitCodes.failed, output: "" });
  });
});
