import { dirname } from "node:path";
import { createLogger } from "../../telemetry/index.ts";
import { databaseSubject, diagnose, type Finding, type ReadConfig, repairSessions } from "../app/index.ts";
import { toTelegraphistError } from "../contract/index.ts";
import { accountFindings } from "./account-findings.ts";
import type { CommandInput } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { pluginFindings } from "./plugin-findings.ts";
import { openProgram } from "./program.ts";
import { configPathOf, readConfig } from "./read-config.ts";
import type { Terminal } from "./terminal.ts";

/**
 * `telegraphist doctor`: what is well, what is not, and what to do; with `--repair` it asks Telegram of every session,
 * and does it. Exits 1 when something failed.
 */
export async function doctorCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal } = input;
  const { style } = terminal;
  const path = configPathOf(input);
  const read = await readConfig(path, terminal.env);
  const findings: Finding[] = [
    read.ok
      ? { subject: "configuration", state: "ok", detail: path, advice: null }
      : {
          subject: "configuration",
          state: "failed",
          detail: `${path}, ${read.problems.length} problem(s)`,
          advice: (await Bun.file(path).exists())
            ? `See them all: telegraphist check --config ${path}`
            : "Begin with the example: cp config/telegraphist.example.yaml telegraphist.yaml",
        },
    ...(await diagnose({
      config: read.ok ? read.config : null,
      baseFolder: dirname(path),
      env: terminal.env,
      logger: createLogger({ level: "error" }),
      now: Date.now,
    })),
    ...(read.ok ? await accountFindings(read) : []),
    ...(read.ok ? await pluginFindings(read) : []),
  ];
  if (flags.has("repair") && read.ok) findings.push(...(await repair(read, findings, terminal)));
  const hasFailed = findings.some((finding) => finding.state === "failed");
  if (flags.has("json")) {
    terminal.out(JSON.stringify({ ok: !hasFailed, findings }));
  } else {
    const marks = {
      ok: style.green("ok     "),
      warning: style.yellow("warning"),
      failed: style.red("failed "),
    };
    for (const { subject, state, detail, advice } of findings) {
      terminal.out(`${marks[state]}  ${style.bold(subject.padEnd(14))} ${detail}`);
      if (advice !== null) terminal.out(`${" ".repeat(9)}${style.dim(advice)}`);
    }
  }
  return hasFailed ? exitCodes.failed : exitCodes.ok;
}

async function repair(
  read: ReadConfig,
  found: readonly Finding[],
  terminal: Terminal,
): Promise<readonly Finding[]> {
  const subject = "repair";
  if (found.some((finding) => finding.subject === databaseSubject && finding.state === "failed")) {
    const advice = "Put the database right first, then repair again";
    return [{ subject, state: "warning", detail: "nothing was done, as the database has failed", advice }];
  }
  const findings: Finding[] = [];
  try {
    const program = await openProgram({ read, terminal });
    try {
      findings.push(...(await repairSessions(program.app.sessions)));
    } finally {
      await program.stop();
    }
  } catch (thrown) {
    const action = "Cannot repair the sessions";
    const error = toTelegraphistError(thrown, { code: "REPAIR_FAILED", category: "INTERNAL", action });
    findings.push({ subject, state: "failed", detail: error.code, advice: error.message });
  }
  return findings;
}
