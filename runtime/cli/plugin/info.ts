import { join } from "node:path";
import { describePlugin, type PluginDescription, type PluginReview, reviewPlugin } from "../../app/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { readEntries, shellOf } from "./entries.ts";
import { permissionLines, requestLines } from "./permission-lines.ts";
import { isPath } from "./plugin-folder.ts";

const readmeLines = 12;

const pinWords = {
  same: "it is as it was accepted",
  new: "it was never seen, and is accepted when it first starts",
  changed: "it was changed since it was accepted, and asks for no more",
  widened: "it asks for more than when it was accepted, and does not start",
} as const satisfies Record<PluginReview["pin"]["state"], string>;

/** What there is to tell: an entry, or a plugin that no entry names yet. */
type Told = { readonly plugin: PluginDescription } | PluginReview;

/** `telegraphist plugin info NAME`: what a plugin is, what it asks for, and what it is granted. */
export async function pluginInfoCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags, positionals } = input;
  const [name = ""] = positionals;
  const told = await toldOf(name, input);
  if (told === null) return exitCodes.failed;
  if (flags.has("json")) terminal.out(JSON.stringify(told));
  else await print(told, terminal);
  return exitCodes.ok;
}

/** @returns `null` when the configuration that has the name cannot be read */
async function toldOf(name: string, input: CommandInput): Promise<Told | null> {
  const shell = shellOf(input);
  if (isPath(name)) {
    return { plugin: await describePlugin(name, { baseFolder: input.terminal.folder, ...shell }) };
  }
  const read = await readEntries(input);
  return read === null ? null : reviewPlugin(read, name, shell);
}

async function print(told: Told, { out, style }: Terminal): Promise<void> {
  const { manifest, root, pin } = told.plugin;
  const row = (title: string, text: string) => out(`  ${title.padEnd(8)}  ${text}`);
  out(
    `${style.bold("name" in told ? told.name : manifest.name)} ${manifest.version}: ${manifest.description}\n`,
  );
  row("files", root);
  row("hash", pin.hash);
  if (manifest.requires.length > 0) row("requires", manifest.requires.join(", "));
  if ("name" in told) {
    row("entry", `${told.isEnabled ? "on" : "off"}, isolation ${told.isolation}`);
    row("pin", pinWords[told.pin.state]);
  }
  out(`\n${style.bold("Asks for")}`);
  const lines =
    "permissions" in told ? permissionLines(told.permissions, style) : requestLines(manifest.permissions);
  for (const line of lines.length === 0 ? ["  nothing"] : lines) out(line);
  const readme = await readmeOf(root);
  if (readme !== null) out(`\n${style.bold("README.md")}\n${readme}`);
}

/** The first lines of what its author says; `null` where that is nothing. */
async function readmeOf(root: string): Promise<string | null> {
  const file = Bun.file(join(root, "README.md"));
  if (!(await file.exists())) return null;
  const lines = (await file.text()).trim().split("\n");
  const shown = lines.slice(0, readmeLines).map((line) => `  ${line}`.trimEnd());
  return (lines.length > readmeLines ? [...shown, "  …"] : shown).join("\n");
}
