import { acceptPlugin } from "../../app/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { readEntries, shellOf } from "./entries.ts";

/** `telegraphist plugin grant NAME`: accepts a plugin as it is now, so that it may start. */
export async function grantPluginCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags, positionals } = input;
  const read = await readEntries(input);
  if (read === null) return exitCodes.failed;
  const [name = ""] = positionals;
  const { pin, plugin, permissions } = await acceptPlugin(read, name, shellOf(input));
  const wider = pin.state === "widened" ? pin.wider : [];
  const { version, hash } = plugin.pin;
  if (flags.has("json")) {
    terminal.out(JSON.stringify({ name, version, hash, wider }));
    return exitCodes.ok;
  }
  const { out, style } = terminal;
  out(`${style.green("accepted")} ${style.bold(name)} ${version} ${style.dim(hash)}`);
  for (const { permission, entry } of wider) out(`  ${permission}: ${entry}`);
  if (permissions.some(({ state }) => state === "undecided"))
    out(`What it is granted is for its entry to say: ${style.cyan(`telegraphist plugin diff ${name}`)}`);
  return exitCodes.ok;
}
