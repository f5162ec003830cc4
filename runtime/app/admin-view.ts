import { thresholds } from "../../config/index.ts";
import type { ErrorTracker } from "../../telemetry/index.ts";
import type { AdminPort } from "../admin/index.ts";
import type { EventBus } from "../bus/index.ts";
import { type Clock, type PluginName, TelegraphistError } from "../contract/index.ts";
import type { Host } from "../host/index.ts";
import type { Storage } from "../storage/index.ts";
import type { AccountPool } from "../telegram/index.ts";
import { accountReportOf } from "./account-report.ts";
import type { AppTelemetry } from "./app-options.ts";
import { checkAccount } from "./check-account.ts";
import type { EventPath } from "./event-path.ts";
import { journalHealth } from "./journal-health.ts";
import type { LoginDesk } from "./login-desk.ts";
import type { Reconfiguration } from "./reload/reconfiguration.ts";
import type { Sessions } from "./sessions.ts";

/** The rooms that the admin API shows. */
export interface AdminView {
  readonly accounts: AccountPool;
  readonly host: Host;
  readonly bus: EventBus;
  readonly storage: Storage;
  readonly logins: LoginDesk;
  readonly sessions: Sessions;
  readonly events: Pick<EventPath, "replay" | "stock">;
  readonly errors: ErrorTracker;
  readonly telemetry: AppTelemetry | undefined;
  readonly reconfiguration: Reconfiguration | null;
  readonly clock: Pick<Clock, "now">;
}

/** Fits the rooms to what the admin API needs of them. */
export function adminPortOf({
  accounts,
  host,
  bus,
  storage,
  errors,
  telemetry,
  events,
  clock,
  logins,
  sessions,
  reconfiguration,
}: AdminView): AdminPort {
  const nameOf = (name: string): PluginName => {
    const known = host.list().find((plugin) => plugin.name === name);
    if (known !== undefined) return known.name;
    throw new TelegraphistError({
      code: "HOST_UNKNOWN_PLUGIN",
      category: "NOT_FOUND",
      message: `Cannot find plugin ${JSON.stringify(name)}: no entry has that name`,
    });
  };
  return {
    accounts: () => {
      const userIds = new Map(accounts.refs().map((ref) => [ref.name, ref.userId]));
      return accounts.health().map((health) => accountReportOf(health, userIds.get(health.name) ?? null));
    },
    checkAccount: (name) => checkAccount(accounts, name),
    logins,
    sessions: () => sessions.list(),
    authorizations: (account) => sessions.authorizations(account),
    rotateSession: (account) => sessions.rotate(account),
    endAuthorization: (account, id) => sessions.endAuthorization(account, id),
    plugins: () => host.list().map((plugin) => ({ ...plugin, accounts: [...plugin.accounts] })),
    restartPlugin: async (name) => void (await host.restart(nameOf(name))),
    disablePlugin: async (name) => void (await host.disable(nameOf(name))),
    enablePlugin: async (name) => void (await host.enable(nameOf(name))),
    reloadPlugin: async (name) => void (await host.reload(nameOf(name))),
    planConfig: () => followed(reconfiguration).plan(),
    applyConfig: () => followed(reconfiguration).apply(),
    recentEvents: (limit) => bus.recent(limit),
    checkDatabase: () => storage.check(),
    journal: async () => journalHealth(await events.stock(), clock.now(), thresholds.journal),
    deadLetters: (limit) => storage.deadLetters.list(limit),
    replayDeadLetter: (id) => events.replay(id),
    dropDeadLetter: (id) => storage.deadLetters.drop(id),
    audit: (query) => storage.audit.list(query),
    errors: () => errors.list(),
    metricsText: async () => (await telemetry?.metricsText()) ?? "",
    recentTraces: (limit) => telemetry?.recentTraces(limit) ?? [],
  };
}

/** @throws {TelegraphistError} `APP_NO_CONFIG_FILE` where the program runs without one */
function followed(reconfiguration: Reconfiguration | null): Reconfiguration {
  if (reconfiguration !== null) return reconfiguration;
  throw new TelegraphistError({
    code: "APP_NO_CONFIG_FILE",
    category: "NOT_FOUND",
    message: "Cannot look at the configuration file: the program was started without one",
  });
}
