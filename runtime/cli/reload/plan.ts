import { createLogger } from "../../../telemetry/index.ts";
import { type ConfigPlan, lastState, planOf, type ReadConfig, wantedState } from "../../app/index.ts";
import { hasCode } from "../../contract/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { configPathOf, printProblems, readConfig } from "../read-config.ts";
import { askProgram } from "../running-program.ts";
import type { Terminal } from "../terminal.ts";
import { planLines } from "./plan-lines.ts";

/** Plugins are looked at, each in a process. */
const timeoutMs = 120_000;

/** `telegraphist plan`: what applying the configuration would change; 0 for nothing, 2 for something. */
export async function planCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal } = input;
  const path = configPathOf(input);
  const read = await readConfig(path, terminal.env);
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  const { plan, against } = await planAgainstProgram(read, terminal);
  if (flags.has("json")) terminal.out(JSON.stringify({ against, ...plan }));
  else print(plan, against, terminal);
  return plan.isEmpty ? exitCodes.ok : exitCodes.changes;
}

/** Without a program that runs the plan is against the one that ran last. */
async function planAgainstProgram(
  read: ReadConfig,
  { env, err }: Terminal,
): Promise<{ readonly plan: ConfigPlan; readonly against: "running" | "last" }> {
  try {
    const plan = await askProgram(read, "POST", "/api/config/plan", { timeoutMs });
    // The program of the same version answers; its API is checked against this shape.
    return { plan: plan as ConfigPlan, against: "running" };
  } catch (error) {
    if (!hasCode(error, "CLI_NOT_RUNNING")) throw error;
    const logger = createLogger({ level: "error", write: err });
    const [last, wanted] = [await lastState(read, env), await wantedState(read, { env, logger })];
    return { plan: planOf(last, wanted), against: "last" };
  }
}

function print(plan: ConfigPlan, against: "running" | "last", { out, style }: Terminal): void {
  const known = against === "running" ? "what runs" : "what ran last, as nothing runs now";
  if (plan.isEmpty) out(`${style.green("ok")} nothing changes against ${known}`);
  else {
    out(style.dim(`against ${known}:`));
    for (const line of planLines(plan, style)) out(line);
  }
}
