import { errorTypeOf } from "../../telemetry/index.ts";
import type { AdminPort } from "./admin-port.ts";
import type { DatabaseReport } from "./reports.ts";

export interface DatabaseProbeOptions {
  readonly now: () => number;
  /** An answer is given again for this time: `/health` is open to all, and a check reads the disk. @default 5000 */
  readonly keepMs?: number;
  /** @default 2000 */
  readonly deadlineMs?: number;
}

/** Makes a check of the database that never throws, never hangs, and never runs twice at once. */
export function createDatabaseProbe(
  check: AdminPort["checkDatabase"],
  { now, keepMs = 5000, deadlineMs = 2000 }: DatabaseProbeOptions,
): () => Promise<DatabaseReport> {
  let last: { readonly atMs: number; readonly report: Promise<DatabaseReport> } | undefined;

  async function probe(): Promise<DatabaseReport> {
    const startedAtMs = now();
    const late = Promise.withResolvers<{ ok: false; problem: string }>();
    const timer = setTimeout(() => late.resolve({ ok: false, problem: "ADMIN_TIMEOUT" }), deadlineMs);
    const { ok, problem = null } = await Promise.race([check(), late.promise])
      .catch((error: unknown) => ({ ok: false, problem: errorTypeOf(error) }))
      .finally(() => clearTimeout(timer));
    return { ok, latencyMs: now() - startedAtMs, problem };
  }

  return () => {
    if (last === undefined || now() - last.atMs >= keepMs) last = { atMs: now(), report: probe() };
    return last.report;
  };
}
