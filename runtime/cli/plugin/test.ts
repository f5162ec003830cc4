import { join } from "node:path";
import { TelegraphistError } from "../../contract/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { readEntries } from "./entries.ts";
import { folderOf, isPath } from "./plugin-folder.ts";
import { provideModules } from "./provide-modules.ts";

/** `telegraphist plugin test`: a plugin's own tests, with all that they import. */
export async function testPluginCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags, positionals } = input;
  const [named = "."] = positionals;
  const folder = await testedFolder(named, input);
  if (folder === null) return exitCodes.failed;
  if (await Bun.file(join(folder, "package.json")).exists()) await provideModules(folder);
  const isQuiet = flags.has("json");
  const child = Bun.spawn([process.execPath, "test"], {
    cwd: folder,
    env: { ...terminal.env },
    stdin: "ignore",
    stdout: isQuiet ? "pipe" : "inherit",
    stderr: isQuiet ? "pipe" : "inherit",
  });
  // Where the tests' own story is not for the terminal it stands in the answer.
  const story = await Promise.all([child.stdout?.text(), child.stderr?.text()]);
  const passed = (await child.exited) === 0;
  if (isQuiet) terminal.out(JSON.stringify({ folder, passed, output: story.join("") }));
  return passed ? exitCodes.ok : exitCodes.failed;
}

/** @returns `null` when the configuration that has the name cannot be read */
async function testedFolder(named: string, input: CommandInput): Promise<string | null> {
  if (isPath(named)) return folderOf(named, input.terminal.folder);
  const read = await readEntries(input);
  if (read === null) return null;
  const use = read.config.plugins[named]?.use;
  if (use !== undefined && isPath(use)) return folderOf(use, read.baseFolder);
  throw new TelegraphistError({
    code: "CLI_PLUGIN_NOT_FOUND",
    category: "NOT_FOUND",
    message: `Cannot test ${JSON.stringify(named)}: no entry of that name has a "use" that is a path`,
  });
}
