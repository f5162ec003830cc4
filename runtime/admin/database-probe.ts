import type { AdminPort } from "./admin-port.ts";
import { createProbe, type ProbeOptions } from "./probe.ts";
import type { DatabaseReport } from "./reports.ts";

/** Makes a check of the database that never throws, never hangs, and never runs twice at once. */
export function createDatabaseProbe(
  check: AdminPort["checkDatabase"],
  options: ProbeOptions,
): () => Promise<DatabaseReport> {
  const { now } = options;
  let startedAtMs = 0;
  const report = (ok: boolean, problem: string | null) => ({ ok, latencyMs: now() - startedAtMs, problem });
  const look = async () => {
    startedAtMs = now();
    const { ok, problem = null } = await check();
    return report(ok, problem);
  };
  return createProbe(look, (problem) => report(false, problem), options);
}
