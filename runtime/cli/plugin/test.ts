import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { TelegraphistError } from "../../contract/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { readEntries } from "./entries.ts";
import { isPath, requireThere } from "./plugin-folder.ts";
import { provideModules } from "./provide-modules.ts";

/** What is handed to the tests of a plugin that is no package. */
const preload = ["--preload", join(import.meta.dir, "modules-preload.ts")] as const;

/** What bun test takes for a file of tests. */
const testEnding = /^[._](?:test|spec)\.[jt]sx?$/;

/** `telegraphist plugin test`: a plugin's own tests, with all that they import. */
export async function testPluginCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags, positionals } = input;
  const [named = "."] = positionals;
  const path = await testedPath(named, input);
  if (path === null) return exitCodes.failed;
  const { folder, files } = await testsOf(path);
  const isPackage = await Bun.file(join(folder, "package.json")).exists();
  if (isPackage) await provideModules(folder);
  const isQuiet = flags.has("json");
  const child = Bun.spawn([process.execPath, "test", ...(isPackage ? [] : preload), ...files], {
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
async function testedPath(named: string, input: CommandInput): Promise<string | null> {
  if (isPath(named)) return resolve(input.terminal.folder, named);
  const read = await readEntries(input);
  if (read === null) return null;
  const use = read.config.plugins[named]?.use;
  if (use !== undefined && isPath(use)) return resolve(read.baseFolder, use);
  throw notFound(`Cannot test ${JSON.stringify(named)}: no entry of that name has a "use" that is a path`);
}

interface PluginTests {
  readonly folder: string;
  /** Those that are run; all of the folder where there are none named. */
  readonly files: readonly string[];
}

/** @throws {TelegraphistError} `CLI_PLUGIN_NOT_FOUND` when there is nothing, or no test beside a plugin that is a file */
async function testsOf(path: string): Promise<PluginTests> {
  if ((await requireThere(path)).isDirectory()) return { folder: path, files: [] };
  const folder = dirname(path);
  const name = basename(path, extname(path));
  const files = (await readdir(folder)).filter(
    (file) => file.startsWith(name) && testEnding.test(file.slice(name.length)),
  );
  if (files.length > 0) return { folder, files: files.map((file) => `./${file}`) };
  throw notFound(`Cannot test ${path}: there is no ${name}.test.ts beside it`);
}

function notFound(message: string): TelegraphistError {
  return new TelegraphistError({ code: "CLI_PLUGIN_NOT_FOUND", category: "NOT_FOUND", message });
}
