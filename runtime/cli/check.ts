import type { CommandInput } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { configPathOf, printProblems, readConfig } from "./read-config.ts";

/** `telegraphist check`: every problem of the configuration at once, or a short word on what it holds. */
export async function checkCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal } = input;
  const path = configPathOf(input, 0);
  const read = await readConfig(path, terminal.env);
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  const accounts = Object.keys(read.config.accounts);
  const plugins = Object.entries(read.config.plugins).map(([name, { enabled }]) =>
    enabled ? name : `${name} (off)`,
  );
  terminal.out(`${terminal.style.green("ok")} ${path}`);
  terminal.out(`   accounts: ${accounts.join(", ")}`);
  terminal.out(`   plugins:  ${plugins.length === 0 ? "none" : plugins.join(", ")}`);
  return exitCodes.ok;
}
