import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { createInstallation, type Installation } from "../e2e/installation.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation();
});
afterAll(() => installation[Symbol.asyncDispose]());

async function check(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const terminal = recordedTerminal({ env, folder: installation.folder });
  const code = await runCli(["check", ...args], terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

const head = `version: 1
telegram: { apiId: 1, apiHash: "0123456789abcdef0123456789abcdef" }
accounts: { me: {} }
`;

describe("telegraphist check", () => {
  test("says in short what a good file holds", async () => {
    await installation.write(
      "good.yaml",
      `${head}plugins:
  autoresponder: { config: { rules: [{ name: any, answer: Hello }] } }
  later: { use: ./not-there.ts, enabled: false }
`,
    );
    expect(await check(["good.yaml"])).toEqual({
      code: exitCodes.ok,
      output: `ok ${installation.folder}/good.yaml\n   accounts: me\n   plugins:  autoresponder, later (off)\n`,
      errors: "",
    });
  });

  test("finds the file by --config, by its argument, by TELEGRAPHIST_CONFIG, and by its usual name", async () => {
    await installation.write("named.yaml", head);
    expect((await check(["--config", "named.yaml"])).output).toContain("/named.yaml\n");
    expect((await check(["-c", "named.yaml"])).output).toContain("/named.yaml\n");
    expect((await check([], { TELEGRAPHIST_CONFIG: "named.yaml" })).output).toContain("/named.yaml\n");
    expect((await check()).output).toContain("/telegraphist.yaml\n");
  });

  test("tells every problem at once, each at its place", async () => {
    await installation.write(
      "bad.yaml",
      `version: 1
telegram: { apiId: none, apiHash: "0123" }
accounts: { me: {} }
storge: {}
admin: { port: 70000 }
`,
    );
    const { code, output, errors } = await check(["bad.yaml"]);
    expect(errors).toMatch(/bad\.yaml:2:20 error: .*\(telegram\.apiId\)/);
    expect(errors).toMatch(/bad\.yaml:2:35 error: must be 32 hexadecimal digits .*\(telegram\.apiHash\)/);
    expect(errors).toMatch(/bad\.yaml:4:1 error: unknown key "storge"/);
    expect(errors).toContain(`did you mean "storage"?`);
    expect(errors).toMatch(/bad\.yaml:5:16 error: .*\(admin\.port\)/);
    expect(errors).toContain("4 problems");
    expect(output).toBe("");
    expect(code).toBe(exitCodes.failed);
  });

  test("has each plugin look its own settings over", async () => {
    await installation.write(
      "plugins.yaml",
      `${head}plugins:
  autoresponder:
    config:
      rules:
        - { name: any, answer: Hello }
        - { name: other, answr: Hi }
  media-archiver:
    config: { folder: 7 }
`,
    );
    const { code, errors } = await check(["plugins.yaml"]);
    expect(errors).toContain(
      'plugins.yaml:9:26 error: unknown key "answr" (plugins.autoresponder.config.rules[1].answr)',
    );
    expect(errors).toContain('did you mean "answer"?');
    expect(errors).toMatch(/plugins\.yaml:11:\d+ error: .*\(plugins\.media-archiver\.config\.folder\)/);
    expect(code).toBe(exitCodes.failed);
  });

  test("tells of a plugin that is not there, and of one that is none", async () => {
    await installation.write("none.ts", "export default { setup() {} };\n");
    await installation.write("broken.ts", "export default (;\n");
    await installation.write(
      "modules.yaml",
      `${head}plugins:
  a: { use: ./not-there.ts }
  b: { use: ./none.ts }
  c: { use: ./broken.ts }
  d: { use: no-such-package-anywhere }
`,
    );
    const { code, errors } = await check(["modules.yaml"]);
    expect(errors).toMatch(
      /modules\.yaml:5:13 error: Cannot find plugin "\.\/not-there\.ts": there is no file/,
    );
    expect(errors).toMatch(/modules\.yaml:6:13 error: .*default export must be what definePlugin/);
    expect(errors).toMatch(/modules\.yaml:7:13 error: Cannot load plugin from /);
    expect(errors).toMatch(/modules\.yaml:8:13 error: Cannot find plugin "no-such-package-anywhere"/);
    expect(errors).toContain("4 problems");
    expect(code).toBe(exitCodes.failed);
  });

  test("says how to begin where there is no file", async () => {
    const { code, errors } = await check(["missing.yaml"]);
    expect(errors).toContain("missing.yaml:1:1 error: cannot read file: there is none");
    expect(errors).toContain("copy config/telegraphist.example.yaml to begin with");
    expect(code).toBe(exitCodes.failed);
  });
});
