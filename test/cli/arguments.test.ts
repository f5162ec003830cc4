import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { readArguments } from "../../runtime/cli/command.ts";
import { commands } from "../../runtime/cli/commands.ts";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { version } from "../../runtime/contract/index.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const root = join(import.meta.dir, "../..");

async function run(...args: readonly string[]) {
  const terminal = recordedTerminal();
  const code = await runCli(args, terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

describe("runCli()", () => {
  test.each([
    ["an unknown command", ["rnu"], `Command "rnu" is unknown: did you mean "telegraphist run"`],
    ["a command like no other", ["xyzzyx"], `Command "xyzzyx" is unknown: "telegraphist --help" lists them`],
    [
      "an unknown option",
      ["demo", "--onec"],
      `Option --onec is unknown to "telegraphist demo": did you mean --once`,
    ],
    ["an option like no other", ["demo", "--xyzzyx"], `Option --xyzzyx is unknown to "telegraphist demo"\n`],
    ["an option without its value", ["check", "--config"], "Option --config needs a value: --config FILE"],
    ["an option with an empty value", ["check", "--config="], "Option --config needs a value: --config FILE"],
    ["a value for a switch", ["demo", "--once=yes"], "Option --once takes no value"],
    ["an argument too many", ["check", "a.yaml", "b.yaml"], `Argument "b.yaml" is one too many`],
    [
      "an unknown action",
      ["plugin", "nwe"],
      `Command "plugin nwe" is unknown: did you mean "telegraphist plugin new"`,
    ],
    [
      "a missing argument of an action",
      ["plugin", "new"],
      "Argument NAME is missing: telegraphist plugin new NAME",
    ],
    ["a missing argument", ["login"], "Argument NAME is missing: telegraphist login NAME"],
    [
      "a port that is none",
      ["emulator", "--port", "http"],
      `Option --port must be a port from 0 to 65535: received "http"`,
    ],
    [
      "too many data centres",
      ["emulator", "--data-centres", "6"],
      `Option --data-centres must be a number from 1 to 5: received "6"`,
    ],
    [
      "a port out of range",
      ["demo", "--port", "70000"],
      `Option --port must be a port from 0 to 65535: received "70000"`,
    ],
  ])("refuses %s as wrong usage", async (_, args, sentence) => {
    const { code, output, errors } = await run(...args);
    expect(errors).toStartWith(`error: ${sentence}`);
    expect(output).toBe("");
    expect(code).toBe(exitCodes.usage);
  });

  test.each([[[]], [["--help"]], [["-h"]], [["help"]]])("lists every command for %p", async (args) => {
    const { code, output } = await run(...args);
    for (const { name, summary } of commands)
      expect(output).toMatch(new RegExp(`^  ${name} +${RegExp.escape(summary)}$`, "m"));
    expect(output).toContain("Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.");
    expect(code).toBe(exitCodes.ok);
  });

  test.each(commands)("explains $name with --help, -h, and help", async (command) => {
    const { code, output } = await run(command.name, "--help");
    expect(output).toStartWith(`telegraphist ${command.name}: ${command.summary}\n`);
    for (const [name, { about }] of Object.entries(command.options)) {
      expect(output).toContain(`--${name}`);
      expect(output).toContain(about);
    }
    for (const { name, about } of command.positionals)
      expect(output).toMatch(new RegExp(`${name} +${RegExp.escape(about)}`));
    expect(code).toBe(exitCodes.ok);
    expect(await run(command.name, "-h")).toEqual({ code, output, errors: "" });
    expect(await run("help", command.name)).toEqual({ code, output, errors: "" });
  });

  test.each(commands.flatMap(({ actions = [] }) => actions))("explains $name with --help", async (action) => {
    const words = action.name.split(" ");
    const { code, output } = await run(...words, "--help");
    expect(output).toStartWith(`telegraphist ${action.name}: ${action.summary}\n`);
    for (const option of Object.keys(action.options)) expect(output).toContain(`--${option}`);
    expect(code).toBe(exitCodes.ok);
    expect(await run("help", ...words)).toEqual({ code, output, errors: "" });
  });

  test.each(["--version", "-v"])("prints the version for %s", async (flag) => {
    expect(await run(flag)).toEqual({ code: exitCodes.ok, output: `${version}\n`, errors: "" });
  });

  test("prints the committed JSON Schema for schema", async () => {
    const committed = await Bun.file(join(root, "config/telegraphist.schema.json")).json();
    const { code, output } = await run("schema");
    expect(JSON.parse(output)).toEqual(committed);
    expect(code).toBe(exitCodes.ok);
  });

  test("refuses login with a configuration that cannot be read", async () => {
    const { code, errors } = await run(
      "login",
      "me",
      "--config",
      join(root, "config/telegraphist.example.yaml"),
    );
    expect(errors).toContain("TELEGRAM_API_ID");
    expect(code).toBe(exitCodes.failed);
  });
});

describe("readArguments()", () => {
  const sessions = commands.find(({ name }) => name === "sessions");
  if (sessions === undefined) throw new Error("There is such a command");

  test("takes a negative number for an argument, and its neighbours for what they are", () => {
    const args = ["revoke", "--yes", "me", "-4877566331316280921", "--config", "-7"];
    const { flags, positionals, values } = readArguments(sessions, args, recordedTerminal());
    expect(positionals).toEqual(["revoke", "me", "-4877566331316280921"]);
    expect([[...flags], values.get("config")]).toEqual([["yes"], "-7"]);
  });

  test.each(["-4x", "-x4", "--4"])("takes %s for an option that is unknown", (arg) => {
    const read = () => readArguments(sessions, ["revoke", "me", arg], recordedTerminal());
    expect(read).toThrow("is unknown to");
  });
});
