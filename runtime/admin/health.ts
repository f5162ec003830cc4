import type { AccountReport, DatabaseReport, HealthReport, JournalReport, PluginReport } from "./reports.ts";

/** What health is judged from, taken at one moment. */
export interface HealthFacts {
  readonly version: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly memory: { readonly rss: number; readonly heapUsed: number };
  readonly accounts: readonly AccountReport[];
  readonly plugins: readonly PluginReport[];
  readonly database: DatabaseReport;
  readonly journal: JournalReport;
}

/**
 * Sums up the program: `down` when the database fails or no account can work, `degraded` when something is not as it
 * should be, else `ok`. What a person switched off (a disabled plugin, a stopped account) is as it should be.
 */
export function healthOf(facts: HealthFacts): HealthReport {
  const { version, startedAtMs, nowMs, memory, accounts, plugins, database, journal } = facts;
  return {
    status: statusOf(facts),
    version,
    timestamp: new Date(nowMs).toISOString(),
    uptimeMs: nowMs - startedAtMs,
    memory: { rssBytes: memory.rss, heapUsedBytes: memory.heapUsed },
    accounts: accounts.map(({ name, state, sinceMs, latencyMs, waits }) => ({
      ...{ name, state, sinceMs, latencyMs, waits },
    })),
    plugins: plugins.map(({ name, state, sinceMs, isolation, process, restarts }) => ({
      ...{ name, state, sinceMs, isolation, process, restarts },
    })),
    database,
    journal,
  };
}

/** Whether every account reached Telegram, and has what it missed meanwhile. */
export function isReady(accounts: readonly AccountReport[]): boolean {
  return wanted(accounts).every((account) => isConnected(account) && account.state !== "catching-up");
}

function statusOf({ accounts, plugins, database, journal }: HealthFacts): HealthReport["status"] {
  const working = wanted(accounts);
  if (!database.ok || (working.length > 0 && !working.some(isConnected))) return "down";
  const allWell =
    journal.problem === null &&
    working.every(({ state, waits }) => state === "online" && !waits.some((wait) => wait.isRestriction)) &&
    plugins.every(({ state }) => state === "running" || state === "disabled");
  return allWell ? "ok" : "degraded";
}

function wanted(accounts: readonly AccountReport[]): readonly AccountReport[] {
  return accounts.filter(({ state }) => state !== "stopped");
}

/**
 * Calls go out: also while missed updates are fetched, for which nobody should restart the program, and for a frozen
 * account, which may read although Telegram refuses what it wants to write.
 */
function isConnected({ state }: AccountReport): boolean {
  return state === "online" || state === "catching-up" || state === "frozen";
}
