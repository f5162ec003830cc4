import { describe, expect, test } from "bun:test";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { createInstallation, type Installation } from "../e2e/installation.ts";
import { pluginText } from "../e2e/plugin-text.ts";
import { freePort } from "../support/free-port.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const requests = `{ telegram: ["messages:read", "messages:send"], chats: ["*"] }`;
const reads = { telegram: ["messages:read"], chats: ["*"] };
const noted = pluginText("noted", "setup() {},", requests);

async function cli(folder: string, ...args: readonly string[]) {
  const terminal = recordedTerminal({ folder });
  const code = await runCli(args, terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** An installation whose plugin is `noted`, logged in; `configure` changes its plugins alone. */
async function createBench() {
  const admin = { port: await freePort(), tokenFile: "token" };
  const plugins = { noted: { use: "./noted.ts", allow: reads, config: { limit: 1, apiKey: "walnut" } } };
  const installation = await createInstallation({ admin, plugins });
  await installation.write("noted.ts", noted);
  await installation.logIn();
  const configure = (changes: Parameters<Installation["configure"]>[0]) =>
    installation.configure({ admin, plugins, ...changes });
  return { installation, configure, plugins, folder: installation.folder };
}

/** The plugin with another grant, other settings, and another beside it. */
const changed = {
  noted: {
    use: "./noted.ts",
    allow: { telegram: ["messages:send"], chats: ["*"] },
    config: { limit: 2, apiKey: "hazelnut" },
  },
  other: { use: "./other.ts", allow: reads },
};

const told = `~ noted changed 1.2.3
    + may telegram messages:send
    - may telegram messages:read
    ~ plugins.noted.allow.telegram ["messages:read"] → ["messages:send"]
    ~ plugins.noted.config.limit 1 → 2
    ~ plugins.noted.config.apiKey
+ other added 1.2.3
    + may telegram messages:read
    + may chats *
`;

describe("telegraphist plan and apply", () => {
  test("say what changes, and no secret, and the program goes over to it", async () => {
    const { installation, configure, folder } = await createBench();
    await using _ = installation;
    const { app } = await installation.open();
    await app.start();
    expect(await cli(folder, "plan")).toMatchObject({
      code: exitCodes.ok,
      output: "ok nothing changes against what runs\n",
    });
    await installation.write("other.ts", noted.replace('"noted"', '"other"'));
    await configure({ plugins: changed });
    const { code, output } = await cli(folder, "plan");
    expect(output).toBe(`against what runs:\n${told}`);
    expect(code).toBe(exitCodes.changes);
    const applied = await cli(folder, "apply");
    expect(applied).toMatchObject({ code: exitCodes.ok, output: `${told}ok applied\n` });
    expect(app.host.list().map(({ name, state, reloads }) => `${name} ${state} ${reloads}`)).toEqual([
      "noted running 1",
      "other running 0",
    ]);
    expect(await cli(folder, "apply")).toMatchObject({ output: "ok nothing was to be changed\n" });
    await app.stop();
  }, 30_000);

  test("apply changes nothing where a restart is needed, or a plugin does not start", async () => {
    const { installation, configure, plugins, folder } = await createBench();
    await using _ = installation;
    const { app } = await installation.open();
    await app.start();
    await configure({ plugins: changed, limits: { queueSize: 7 } });
    await installation.write("other.ts", pluginText("other", `setup() { throw new Error("not today"); },`));
    const plan = await cli(folder, "plan", "--json");
    expect(JSON.parse(plan.output)).toMatchObject({
      against: "running",
      restart: [{ path: "limits.queueSize", change: "changed", before: "1000", after: "7" }],
    });
    const refused = await cli(folder, "apply");
    expect(refused.code).toBe(exitCodes.failed);
    expect(refused.errors).toContain("to take up limits.queueSize (APP_RESTART_NEEDED)");
    await configure({ plugins: changed });
    const failed = await cli(folder, "apply");
    expect(failed.code).toBe(exitCodes.failed);
    expect(failed.errors).toContain("(HOST_APPLY_FAILED)");
    expect(app.host.list().map(({ name, state, reloads }) => `${name} ${state} ${reloads}`)).toEqual([
      "noted running 0",
    ]);
    await configure({ plugins: { ...plugins, wrong: { use: "./nowhere.ts" } } });
    expect(await cli(folder, "plan")).toMatchObject({ code: exitCodes.failed, output: "" });
    await expect(app.reconfiguration?.apply()).rejects.toMatchObject({
      code: "APP_CONFIG_UNFIT",
      message: expect.stringContaining("and what runs goes on"),
    });
    await app.stop();
  }, 30_000);

  test("plan tells against what ran last while nothing runs, and refuses what asks for more", async () => {
    const { installation, configure, folder } = await createBench();
    await using _ = installation;
    const first = await cli(folder, "plan");
    expect(first.output).toStartWith("against what ran last, as nothing runs now:\n+ noted added 1.2.3\n");
    const { app } = await installation.open();
    await app.start();
    await app.stop();
    expect(await cli(folder, "plan")).toMatchObject({ code: exitCodes.ok });
    await installation.write("noted.ts", noted.replace("setup()", "async setup()"));
    await configure({ limits: { queueSize: 7 } });
    expect(await cli(folder, "plan")).toMatchObject({
      code: exitCodes.changes,
      output: `against what ran last, as nothing runs now:
~ noted changed 1.2.3
    ~ its files
needs a restart: a program that runs cannot take it up
    ~ limits.queueSize 1000 → 7
`,
    });
    await installation.write(
      "noted.ts",
      noted.replace('"messages:read", ', '"messages:read", "members:invite", '),
    );
    const refused = await cli(folder, "plan");
    expect(refused.code).toBe(exitCodes.failed);
    expect(refused.errors).toContain("telegraphist plugin grant noted (HOST_REQUESTS_WIDENED)");
    expect(await cli(folder, "apply")).toMatchObject({ code: exitCodes.failed });
  }, 30_000);

  test("plugin reload has the program take up a plugin's files", async () => {
    const { installation, folder } = await createBench();
    await using _ = installation;
    const { app } = await installation.open();
    await app.start();
    await installation.write("noted.ts", noted.replace("1.2.3", "2.0.0"));
    expect(await cli(folder, "plugin", "reload", "noted")).toMatchObject({ output: "ok reloaded: noted\n" });
    expect(app.host.list()[0]).toMatchObject({ version: "2.0.0", reloads: 1 });
    expect((await cli(folder, "plugin", "reload", "nobody")).errors).toContain("HOST_UNKNOWN_PLUGIN");
    await app.stop();
  }, 30_000);
});
