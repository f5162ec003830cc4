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
  const json = flags.has("json");
  const child = Bun.spawn([process.execPath, "test"], {
    cwd: folder,
    env: { ...terminal.env },
    stdin: "ignore",
    stdout: json ? 2 : "inherit",
    stderr: "inherit",
  });
  const exitCode = await child.exited;
  if (json) terminal.out(JSON.stringify({ folder, passed: exitCode === 0 }));
  return exitCode === 0 ? exitCodes.ok : exitCodes.failed;
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
