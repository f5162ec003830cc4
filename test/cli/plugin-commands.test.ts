import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { createInstallation } from "../e2e/installation.ts";
import { temporaryFolder } from "../storage/fixture.ts";
import { freePort } from "../support/free-port.ts";
import { pluginText } from "../testkit/plugin-file.ts";
import { startCli } from "./cli-process.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const base =
  'version: 1\ntelegram: { apiId: 1, apiHash: "00000000000000000000000000000000" }\naccounts: { me: {} }\n';

/** A folder with a configuration, and the plugin `echo` in a file. */
async function place(plugins: string, files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  const write = (path: string, text: string) => Bun.write(join(folder.path, path), text);
  await write("telegraphist.yaml", base + plugins);
  await write("echo.ts", pluginText("echo", ""));
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const run = async (...args: readonly string[]) => {
    const terminal = recordedTerminal({ folder: folder.path });
    const code = await runCli(["plugin", ...args], terminal);
    return { code, output: terminal.output(), errors: terminal.errors() };
  };
  const read = (path: string) => Bun.file(join(folder.path, path)).text();
  return { run, read, write, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const granted =
  "plugins:\n  echo:\n    use: ./echo.ts\n    allow: { telegram: [messages:read, messages:send], chats: ['*'], net: [example.com] }\n";
const partly =
  "plugins:\n  echo:\n    use: ./echo.ts\n    allow: { telegram: [messages:read], chats: [private, '@ada'], run: [ls] }\n    deny: { net: ['*'] }\n";

describe("telegraphist plugin list", () => {
  test("shows every entry, and why one would not run", async () => {
    await using there = await place(`${granted}  gone: { use: ./gone.ts, enabled: false }\n`);
    const { code, output } = await there.run("list");
    expect(output).toMatch(/^NAME +STATE +VERSION +ISOLATION +USE$/m);
    expect(output).toMatch(/^echo +not running +1\.0\.0 +process +\.\/echo\.ts$/m);
    expect(output).toMatch(/^gone +off +\? +process +\.\/gone\.ts\n {2}Cannot find plugin "\.\/gone\.ts"/m);
    expect(code).toBe(exitCodes.ok);
    const { plugins } = JSON.parse((await there.run("list", "--json")).output);
    expect(plugins).toMatchObject([
      { name: "echo", version: "1.0.0", problem: null },
      { name: "gone", state: "off", version: null },
    ]);
  }, 30_000);

  test("has what the running program says of them", async () => {
    await using installation = await createInstallation({
      admin: { port: await freePort(), tokenFile: "token" },
      plugins: { echo: { use: "./echo.ts" }, broken: { use: "./broken.ts" } },
    });
    await installation.write("echo.ts", pluginText("echo", ""));
    await installation.write("broken.ts", pluginText("broken", 'throw new Error("no");'));
    await installation.logIn();
    const { folder } = installation;
    await using program = startCli(["run"], { folder });
    await program.seen(/ready: .* 1 of 2 plugin\(s\) running/);
    const terminal = recordedTerminal({ folder });
    expect(await runCli(["plugin", "list"], terminal)).toBe(exitCodes.ok);
    expect(terminal.output()).toMatch(/^echo +running +1\.0\.0/m);
    expect(terminal.output()).toMatch(/^broken +failed +1\.0\.0 .*\n {2}Cannot .*"broken"/m);
  }, 60_000);

  test("says how to make the first one", async () => {
    await using there = await place("");
    expect((await there.run("list")).output).toContain("telegraphist plugin new NAME");
  });
});

describe("telegraphist plugin diff", () => {
  test("ends well where all is decided", async () => {
    await using there = await place(granted);
    const { code, output } = await there.run("diff", "echo");
    expect(output).toContain("+ telegram: messages:send  granted");
    expect(code).toBe(exitCodes.ok);
  }, 30_000);

  test("marks what is narrowed, denied, open, and for nothing, and fails", async () => {
    await using there = await place(partly);
    const { code, output } = await there.run("diff");
    expect(output).toContain("+ telegram: messages:read");
    expect(output).toContain("? telegram: messages:send  asked for, neither allowed nor denied");
    expect(output).toMatch(/~ chats: \* +allowed: private, @ada/);
    expect(output).toMatch(/- net: example\.com +denied: \*/);
    expect(output).toMatch(/! run: ls +allowed, and not asked for/);
    expect(code).toBe(exitCodes.failed);
    const { plugins } = JSON.parse((await there.run("diff", "--json")).output);
    expect(plugins).toMatchObject([{ name: "echo", isOpen: true, pin: { state: "new" } }]);
  }, 30_000);

  test("tells of wider requests until they are accepted", async () => {
    await using there = await place(granted);
    await there.run("grant", "echo");
    expect((await there.run("diff", "echo")).code).toBe(exitCodes.ok);
    await there.write("echo.ts", pluginText("echo", "", `net: ["example.com"], env: ["HOME"]`));
    const widened = await there.run("diff", "echo");
    expect(widened.output).toContain(
      "asks for more than when it was accepted, and does not start: env: HOME",
    );
    expect(widened.code).toBe(exitCodes.failed);
    expect((await there.run("info", "echo")).output).toContain("does not start");
    const accepted = await there.run("grant", "echo");
    expect(accepted.output).toContain("  env: HOME\n");
    expect(JSON.parse((await there.run("diff", "echo", "--json")).output).plugins[0].pin).toEqual({
      state: "same",
    });
  }, 60_000);

  test("refuses a name that no entry has", async () => {
    await using there = await place(granted);
    for (const action of ["diff", "info", "grant"]) {
      const { code, output, errors } = await there.run(action, "nobody");
      expect(output + errors).toContain('Cannot find plugin "nobody" under "plugins": there is "echo"');
      expect(code).toBe(exitCodes.failed);
    }
  });
});

test("telegraphist plugin info shows what a plugin is, and its README", async () => {
  await using there = await place("", {
    "kit/index.ts": pluginText("kit", ""),
    "kit/README.md": "# Kit\n\nDoes things.\n",
  });
  const { code, output } = await there.run("info", "./kit");
  expect(output).toStartWith("kit 1.0.0: A plugin of a test\n");
  expect(output).toMatch(/hash +sha256-[0-9a-f]{64}/);
  expect(output).toContain("  chats: *\n");
  expect(output).toContain("README.md\n  # Kit\n\n  Does things.\n");
  expect(code).toBe(exitCodes.ok);
  const { plugin } = JSON.parse((await there.run("info", "./kit", "--json")).output);
  expect(plugin.manifest).toMatchObject({ name: "kit", version: "1.0.0" });
}, 30_000);

describe("telegraphist plugin test", () => {
  test.each([
    ["passes", "expect(1).toBe(1)", exitCodes.ok],
    ["fails", "expect(1).toBe(2)", exitCodes.failed],
  ])(
    "%s as the plugin's tests do, named by path or by entry",
    async (_, body, code) => {
      const text = `import { expect, test } from "bun:test";\ntest("it", () => ${body});\n`;
      await using there = await place("plugins:\n  kit: { use: ./kit }\n", { "kit/index.test.ts": text });
      for (const named of ["./kit", "kit"]) {
        const ran = await there.run("test", named, "--json");
        expect(ran.code).toBe(code);
        expect(JSON.parse(ran.output)).toMatchObject({ passed: code === exitCodes.ok });
      }
    },
    30_000,
  );

  test("runs the tests beside a plugin that is a file, with all that they import and no package.json", async () => {
    const text = (word: string) => `import { test } from "bun:test";
import { parsePluginName } from "telegraphist";
import { startTestbed } from "telegraphist/testing";
test("${word}", async () => {
  parsePluginName("echo");
  await using bed = await startTestbed(\`\${import.meta.dir}/echo.ts\`);
  await bed.person("Ada").writes("Hi");
});
`;
    await using there = await place("plugins:\n  echo: { use: ./echo.ts }\n", {
      "echo.test.ts": text("it"),
      "echoes.test.ts": text("others"),
      "lone.ts": pluginText("lone", ""),
    });
    for (const named of ["./echo.ts", "echo"]) {
      const ran = JSON.parse((await there.run("test", named, "--json")).output);
      expect(ran).toMatchObject({ passed: true });
      expect(ran.output).toContain("1 pass");
    }
    const { code, errors } = await there.run("test", "./lone.ts");
    expect(errors).toContain("there is no lone.test.ts beside it (CLI_PLUGIN_NOT_FOUND)");
    expect(code).toBe(exitCodes.failed);
  }, 30_000);

  test.each(["./nothing", "autoresponder"])("refuses %s, which has no folder to test in", async (named) => {
    await using there = await place("plugins:\n  autoresponder: {}\n");
    const { code, errors } = await there.run("test", named);
    expect(errors).toContain("(CLI_PLUGIN_NOT_FOUND)");
    expect(code).toBe(exitCodes.failed);
  });
});

describe("telegraphist plugin add", () => {
  test("writes an entry that grants nothing, or all with --grant, and pins the plugin", async () => {
    await using there = await place("");
    const { code, output } = await there.run("add", "./echo.ts");
    expect(output).toContain("  telegram: messages:send\n");
    expect(code).toBe(exitCodes.ok);
    expect(await there.read("telegraphist.yaml")).toBe(`${base}\nplugins:\n  echo:\n    use: ./echo.ts\n`);
    expect((await there.run("add", "./echo.ts", "--name", "second", "--grant")).code).toBe(exitCodes.ok);
    expect(await there.read("telegraphist.yaml")).toEndWith(
      '  second:\n    use: ./echo.ts\n    allow: { telegram: [messages:read, messages:send], chats: ["*"], net: [example.com] }\n',
    );
    expect(JSON.parse((await there.run("diff", "second", "--json")).output).plugins[0]).toMatchObject({
      isOpen: false,
      pin: { state: "same" },
    });
  }, 60_000);

  test("takes an npm package that is installed beside the configuration", async () => {
    await using there = await place("", {
      "node_modules/tg-far/package.json": `{ "name": "tg-far", "version": "2.0.0", "exports": "./index.ts" }`,
      "node_modules/tg-far/index.ts": pluginText("far", ""),
    });
    expect((await there.run("add", "tg-far")).code).toBe(exitCodes.ok);
    expect(await there.read("telegraphist.yaml")).toEndWith("plugins:\n  far:\n    use: tg-far\n");
    const { errors } = await there.run("add", "tg-gone");
    expect(errors).toContain('Cannot find plugin "tg-gone": no bundled plugin has that name');
    expect(errors).toMatch(/bun add --cwd \S+ tg-gone/);
  }, 30_000);

  test("leaves another plugin of that name alone", async () => {
    await using there = await place("plugins:\n  echo: { use: ./other.ts }\n");
    const { code, errors } = await there.run("add", "./echo.ts");
    expect(errors).toContain("has another plugin of that name, give one with --name (CLI_ENTRY_TAKEN)");
    expect(code).toBe(exitCodes.failed);
  }, 30_000);

  test("fetches an address and pins it, and takes its newest file when it is added again", async () => {
    let text = pluginText("far", "");
    await using server = {
      inner: Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(text) }),
      [Symbol.asyncDispose]() {
        return this.inner.stop(true);
      },
    };
    const url = `http://127.0.0.1:${server.inner.port}/far.ts`;
    await using there = await place("");
    expect((await there.run("add", url, "--grant")).code).toBe(exitCodes.ok);
    expect(await there.read("telegraphist.yaml")).toContain(`  far:\n    use: ${url}\n`);
    expect(await there.read("telegraphist.lock")).toContain(`"use": "${url}"`);
    text = pluginText("far", "// newer");
    expect((await there.run("diff", "far")).code).toBe(exitCodes.ok);
    const again = JSON.parse((await there.run("add", url, "--json")).output);
    expect(again).toMatchObject({ name: "far", isNew: false });
    expect(JSON.parse((await there.run("info", "far", "--json")).output)).toMatchObject({
      pin: { state: "same" },
      plugin: { pin: { hash: again.hash } },
    });
  }, 60_000);
});
