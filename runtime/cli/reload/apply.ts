import type { ConfigPlan } from "../../app/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { configPathOf, printProblems, readConfig } from "../read-config.ts";
import { askProgram } from "../running-program.ts";
import { planLines } from "./plan-lines.ts";

/** Plugins take their time to start, and the old ones to end. */
const timeoutMs = 600_000;

/** `telegraphist apply`: has the program that runs go over to the configuration, whole or not at all. */
export async function applyCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal } = input;
  const path = configPathOf(input);
  const read = await readConfig(path, terminal.env);
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  // The program of the same version answers; its API is checked against this shape.
  const plan = (await askProgram(read, "POST", "/api/config/apply", { timeoutMs })) as ConfigPlan;
  const { out, style } = terminal;
  if (flags.has("json")) out(JSON.stringify(plan));
  else {
    for (const line of planLines(plan, style)) out(line);
    out(`${style.green("ok")} ${plan.isEmpty ? "nothing was to be changed" : "applied"}`);
  }
  return exitCodes.ok;
}
