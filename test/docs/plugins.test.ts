import { expect, test } from "bun:test";
import { join } from "node:path";
import { startCli } from "../cli/cli-process.ts";
import { temporaryFolder } from "../storage/fixture.ts";
import { codeBlocks, root } from "./pages.ts";

const env = { TELEGRAM_API_ID: "1", TELEGRAM_API_HASH: "0".repeat(32) };

test("docs/plugins.md does what it says, block after block, in an empty folder", async () => {
  await using folder = await temporaryFolder();
  const blocks = (await codeBlocks()).filter(({ page }) => page === "docs/plugins.md");
  expect(blocks.length).toBeGreaterThan(5);
  for (const { file, language, code, line } of blocks) {
    if (file !== null) await Bun.write(join(folder.path, file), code);
    if (language !== "sh") continue;
    for (const command of code.trim().split("\n")) {
      const [program, ...args] = command.split(" ");
      expect(program).toBe("telegraphist");
      await using process = startCli(args, { folder: folder.path, env });
      const exitCode = await process.exited;
      const said = exitCode === 0 ? "" : process.output() + process.errors();
      expect({ line, command, exitCode, said }).toEqual({ line, command, exitCode: 0, said: "" });
    }
  }
  const checker = [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", "reminder"];
  const checked = Bun.spawn([process.execPath, ...checker], { cwd: folder.path, stdout: "pipe" });
  expect(await checked.stdout.text()).toBe("");
}, 120_000);
