import { dirname } from "node:path";
import { loadConfig } from "../../config/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { type AuditRow, readAudit } from "../app/index.ts";
import { type CommandInput, UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { configPathOf, printProblems } from "./read-config.ts";
import type { Terminal } from "./terminal.ts";

const verdicts = ["allowed", "denied", "failed", "limited"];
const maxLimit = 10_000;

/** `telegraphist audit`: what plugins did and were refused, from the database, whether the program runs or not. */
export async function auditCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, values, terminal } = input;
  const filter = {
    limit: limitOf(values.get("limit") ?? "50"),
    plugin: values.get("plugin"),
    account: values.get("account"),
    verdict: values.get("verdict"),
  };
  if (filter.verdict !== undefined && !verdicts.includes(filter.verdict)) {
    throw new UsageError(`Option --verdict takes one of ${verdicts.join(", ")}`);
  }
  const path = configPathOf(input);
  // The plugins are not asked: one that is broken may be why somebody looks.
  const read = await loadConfig({ path, env: terminal.env });
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  const logger = createLogger({ level: "error", write: terminal.err });
  const place = { config: read.config, baseFolder: dirname(path), env: terminal.env };
  const entries = await readAudit(place, filter, { logger, now: Date.now });
  if (flags.has("json")) terminal.out(JSON.stringify({ entries }));
  else print(entries, terminal);
  return exitCodes.ok;
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit;
  throw new UsageError(`Option --limit takes a number from 1 to ${maxLimit}`);
}

/** The newest last, where a person at a terminal looks first. */
function print(entries: readonly AuditRow[], { out, style }: Terminal): void {
  if (entries.length === 0) out("Nothing is on record");
  for (const {
    atMs,
    plugin,
    account,
    call,
    target,
    verdict,
    permission,
    code,
    count,
  } of entries.toReversed()) {
    const paint = verdict === "allowed" ? style.green : style.red;
    const why = [code, permission === null ? null : `lacks ${permission}`].filter((part) => part !== null);
    const parts = [
      style.dim(new Date(atMs).toISOString()),
      paint(verdict.padEnd(7)),
      style.bold(plugin),
      call,
      ...(target === null ? [] : [target]),
      ...(account === null ? [] : [style.dim(`as ${account}`)]),
      ...(why.length === 0 ? [] : [`(${why.join(", ")})`]),
      ...(count === 1 ? [] : [`×${count}`]),
    ];
    out(parts.join("  "));
  }
}
