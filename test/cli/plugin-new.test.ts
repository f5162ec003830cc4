import { describe, expect, test } from "bun:test";
import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes, runCli } from "../../runtime/cli/index.ts";
import { root } from "../docs/pages.ts";
import { temporaryFolder } from "../storage/fixture.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

async function run(folder: string, ...args: readonly string[]) {
  const terminal = recordedTerminal({ folder });
  const code = await runCli(["plugin", "new", ...args], terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

/** As a person would in that folder. */
async function runIn(folder: string, ...args: readonly string[]) {
  const child = Bun.spawn([process.execPath, ...args], { cwd: folder, stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, text: out + err };
}

describe("telegraphist plugin new", () => {
  test("makes a plugin that passes its own tests, and an editor's checks, in an empty folder", async () => {
    await using folder = await temporaryFolder();
    const { code, output } = await run(folder.path, "greeter");
    expect(code).toBe(exitCodes.ok);
    expect(output).toContain("telegraphist plugin test ./greeter");
    const plugin = join(folder.path, "greeter");
    expect(await readlink(join(plugin, "node_modules/telegraphist"))).toBe(root);
    const tested = await runIn(plugin, "test");
    expect(tested).toEqual({ code: 0, text: expect.stringContaining("2 pass") });
    const checked = await runIn(plugin, join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", ".");
    expect(checked).toEqual({ code: 0, text: "" });
  }, 60_000);

  test("makes it where --folder says", async () => {
    await using folder = await temporaryFolder();
    expect((await run(folder.path, "greeter", "--folder", "plugins/hello")).code).toBe(exitCodes.ok);
    expect(await Bun.file(join(folder.path, "plugins/hello/README.md")).text()).toContain(
      "use: ./plugins/hello",
    );
  });

  test("leaves a folder alone that is not empty, and a file", async () => {
    await using folder = await temporaryFolder();
    await Bun.write(join(folder.path, "full/notes.txt"), "mine");
    for (const taken of ["full", "full/notes.txt"]) {
      const { code, errors } = await run(folder.path, "greeter", "--folder", taken);
      expect(errors).toContain("it is not empty, name another with --folder (CLI_FOLDER_NOT_EMPTY)");
      expect(code).toBe(exitCodes.failed);
    }
    expect(await readdir(join(folder.path, "full"))).toEqual(["notes.txt"]);
  });

  test("refuses a name that an entry could not have", async () => {
    await using folder = await temporaryFolder();
    const { code, errors } = await run(folder.path, "My Plugin");
    expect(errors).toContain(
      `Argument NAME must be lower-case letters, digits, "-" and "_": received "My Plugin"`,
    );
    expect(code).toBe(exitCodes.usage);
    expect(await readdir(folder.path)).toEqual([]);
  });
});
