import { relative, resolve } from "node:path";
import { confirm, isCancel } from "@clack/prompts";
import { addPluginToFile } from "../../../config/index.ts";
import { describeNewPlugin, descriptionSiteOf, type PluginDescription, pinPlugin } from "../../app/index.ts";
import {
  type PermissionSet,
  parsePluginName,
  permissionNames,
  TelegraphistError,
} from "../../contract/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { type Entries, readEntries, shellOf } from "./entries.ts";
import { howToAllow, requestLines } from "./permission-lines.ts";
import { isPath, shownPath } from "./plugin-folder.ts";

/** `telegraphist plugin add USE`: looks a plugin over, pins it, and writes its entry. */
export async function addPluginCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags, values, positionals } = input;
  const read = await readEntries(input);
  if (read === null) return exitCodes.failed;
  const use = useFrom(positionals[0] ?? "", terminal.folder, read.baseFolder);
  const plugin = await describeNewPlugin(use, descriptionSiteOf(read, shellOf(input)));
  const { manifest } = plugin;
  const name = parsePluginName(values.get("name") ?? manifest.name);
  const isNew = read.config.plugins[name] === undefined;
  requireSame(name, use, read);
  const isGranted = isNew && (flags.has("grant") || (await wantsAll(plugin, input)));
  await pinPlugin(read, name, plugin);
  if (isNew) {
    const allow = isGranted ? { allow: withoutEmpty(manifest.permissions) } : {};
    await addPluginToFile(read.path, { name, use, ...allow });
  }
  const { version, hash } = plugin.pin;
  if (flags.has("json")) {
    terminal.out(JSON.stringify({ name, use, version, hash, isNew, isGranted }));
    return exitCodes.ok;
  }
  const { out, style } = terminal;
  out(`${style.green(isNew ? "added" : "pinned anew")} ${style.bold(name)} ${version} ${style.dim(hash)}`);
  if (!isGranted) {
    const requests = requestLines(manifest.permissions);
    for (const line of requests) out(line);
    if (isNew && requests.length > 0) out(`Nothing of it is allowed yet. ${howToAllow(name, style)}`);
  }
  return exitCodes.ok;
}

/** Paths are relative to where the person is, and in an entry to the configuration. */
function useFrom(text: string, folder: string, baseFolder: string): string {
  return isPath(text) ? shownPath(relative(baseFolder, resolve(folder, text))) : text;
}

/** @throws {TelegraphistError} `CLI_ENTRY_TAKEN` */
function requireSame(name: string, use: string, { config, path }: Entries): void {
  const entry = config.plugins[name];
  if (entry === undefined || (entry.use ?? name) === use) return;
  throw new TelegraphistError({
    code: "CLI_ENTRY_TAKEN",
    category: "CONFIG",
    message: `Cannot add ${use} as "${name}": ${path} has another plugin of that name, give one with --name`,
  });
}

/** Asks on a terminal; elsewhere nothing is allowed that was not said. */
async function wantsAll(
  { manifest }: PluginDescription,
  { terminal, flags }: CommandInput,
): Promise<boolean> {
  const lines = requestLines(manifest.permissions);
  if (!terminal.isInteractive || !process.stdin.isTTY || flags.has("json") || lines.length === 0)
    return false;
  terminal.out(`${terminal.style.bold(manifest.name)} asks for`);
  for (const line of lines) terminal.out(line);
  const answer = await confirm({ message: "Allow all of it?", initialValue: false });
  if (isCancel(answer)) throw new DOMException("The question was cancelled", "AbortError");
  return answer;
}

function withoutEmpty(permissions: PermissionSet): Readonly<Record<string, readonly string[]>> {
  const lists = permissionNames.map((name) => [name, permissions[name] ?? []] as const);
  return Object.fromEntries(lists.filter(([, entries]) => entries.length > 0));
}
