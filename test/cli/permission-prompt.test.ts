import { describe, expect, test } from "bun:test";
import { parse } from "yaml";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { createPermissionPrompt, type PromptAnswer } from "../../runtime/cli/permission-prompt.ts";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { createInstallation } from "../e2e/installation.ts";
import { pluginText } from "../e2e/plugin-text.ts";
import { startCli } from "./cli-process.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const plugin = pluginText(
  "shy",
  `async setup({ telegram }) { await telegram.send("me", "hello"); },`,
  `{ telegram: ["messages:send"], chats: ["*"] }`,
);

describe("createPermissionPrompt()", () => {
  test("starts a plugin with what a person grants once, and asks once for each thing", async () => {
    await using installation = await createInstallation({ plugins: { shy: { use: "./shy.ts" } } });
    await installation.write("shy.ts", plugin);
    await installation.logIn();
    const before = await Bun.file(installation.configPath).text();
    const asked: string[] = [];
    const choose = async (message: string): Promise<PromptAnswer> => {
      asked.push(message);
      return "once";
    };
    const { signal } = new AbortController();
    const askPermission = createPermissionPrompt({ configPath: installation.configPath, choose, signal });
    await using opened = await installation.open({ askPermission });
    await opened.app.start();
    await opened.app.host.restart(parsePluginName("shy"));
    expect(opened.app.host.list()).toMatchObject([{ name: "shy", state: "running" }]);
    expect(asked).toEqual([
      'Plugin "shy" asks for telegram "messages:send"',
      'Plugin "shy" asks for chats "*"',
    ]);
    expect(await Bun.file(installation.configPath).text()).toBe(before);
  }, 30_000);

  test("writes down what is granted for good, and refuses what is not", async () => {
    await using installation = await createInstallation({ plugins: { shy: { use: "./shy.ts" } } });
    await installation.write("shy.ts", plugin);
    const controller = new AbortController();
    const answers: PromptAnswer[] = ["always", "no"];
    const choose = async () => answers.shift() ?? "always";
    const { signal } = controller;
    const ask = createPermissionPrompt({ configPath: installation.configPath, choose, signal });
    const question = {
      plugin: parsePluginName("shy"),
      permission: "telegram",
      entry: "messages:send",
    } as const;
    const refused = { ...question, permission: "chats", entry: "*" } as const;
    expect(await Promise.all([ask(question), ask(refused), ask(question)])).toEqual([true, false, true]);
    const { plugins } = parse(await Bun.file(installation.configPath).text());
    expect(plugins.shy.allow).toEqual({ telegram: ["messages:send"] });
    controller.abort();
    expect(await ask({ ...question, entry: "messages:edit" })).toBe(false);
  });

  test("grants for this run what cannot be written down", async () => {
    const { signal } = new AbortController();
    const ask = createPermissionPrompt({ configPath: "/nowhere.yaml", choose: async () => "always", signal });
    expect(await ask({ plugin: parsePluginName("shy"), permission: "chats", entry: "*" })).toBe(true);
  });
});

test("telegraphist run --prompt asks nobody where there is no terminal, and says so", async () => {
  await using installation = await createInstallation({ plugins: { shy: { use: "./shy.ts" } } });
  await installation.write("shy.ts", plugin);
  await installation.logIn();
  await using cli = startCli(["run", "--prompt"], { folder: installation.folder });
  await cli.seen(/ready/);
  expect(cli.errors()).toContain("--prompt needs a terminal");
  expect(cli.errors()).toContain("PERMISSION_DENIED");
  cli.kill("SIGTERM");
  expect(await cli.exited).toBe(exitCodes.ok);
}, 30_000);

test("telegraphist run --help has --prompt", async () => {
  const terminal = recordedTerminal();
  await runCli(["run", "--help"], terminal);
  expect(terminal.output()).toContain("--prompt");
});
