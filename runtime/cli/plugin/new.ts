import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { hasCode, parsePluginName, TelegraphistError } from "../../contract/index.ts";
import { type CommandInput, UsageError } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { shownPath } from "./plugin-folder.ts";
import { provideModules, zodVersion } from "./provide-modules.ts";
import { filled, template } from "./template.ts";

/** `telegraphist plugin new NAME`: a folder with a plugin that passes its own tests. */
export async function newPluginCommand({ values, positionals, terminal }: CommandInput): Promise<ExitCode> {
  const name = nameOf(positionals[0] ?? "");
  const folder = resolve(terminal.folder, values.get("folder") ?? name);
  await requireEmpty(folder);
  const use = shownPath(relative(terminal.folder, folder));
  const texts = { name, use, zod: await zodVersion() };
  for (const { path, text } of template) await Bun.write(join(folder, path), filled(text, texts));
  await provideModules(folder);

  const { out, style } = terminal;
  out(`${style.green("made")} ${style.bold(name)} in ${use}\n`);
  for (const { path, about } of template) out(`  ${style.cyan(path.padEnd(15))}  ${style.dim(about)}`);
  out(`\n${style.bold("Next")}\n`);
  out(`  telegraphist plugin test ${use}   ${style.dim("run its tests")}`);
  out(`  telegraphist dev ${use}           ${style.dim("write to it, and change it while it runs")}`);
  out(`  telegraphist plugin add ${use}    ${style.dim("put it into telegraphist.yaml")}`);
  return exitCodes.ok;
}

function nameOf(text: string): string {
  try {
    return parsePluginName(text);
  } catch (error) {
    if (!(error instanceof TelegraphistError)) throw error;
    throw new UsageError(
      `Argument NAME must be lower-case letters, digits, "-" and "_": received ${JSON.stringify(text)}`,
    );
  }
}

async function requireEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    if (hasCode(error, "ENOTDIR")) return [folder];
    throw error;
  });
  if (found.length === 0) return;
  throw new TelegraphistError({
    code: "CLI_FOLDER_NOT_EMPTY",
    category: "INVALID",
    message: `Cannot make a plugin in ${folder}: it is not empty, name another with --folder`,
  });
}
