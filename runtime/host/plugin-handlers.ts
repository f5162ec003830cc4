import type { Logger } from "../../telemetry/index.ts";
import type { AccountName, Log, PluginName } from "../contract/index.ts";
import { Broker } from "./broker.ts";
import type { CallCounters } from "./call-counters.ts";
import { EventHandlers, type EventHandlersOptions } from "./event-handlers.ts";
import type { Guard } from "./guard.ts";
import { HandlerRunner } from "./handler-runner.ts";
import { OnceKeys } from "./once-keys.ts";
import type { HostOptions } from "./ports.ts";

export interface PluginHandlersOptions extends Pick<EventHandlersOptions, "onError"> {
  readonly host: HostOptions;
  readonly plugin: PluginName;
  readonly guard: Guard;
  readonly logger: Logger;
  readonly counters: CallCounters;
}

/** What runs one plugin's handlers, and gives them their events. */
export function createPluginHandlers({
  host,
  plugin,
  guard,
  logger,
  counters,
  onError,
}: PluginHandlersOptions) {
  const { accounts, baseFolder, clock, journal, limits } = host;
  const logs = new Map<AccountName, Log>();
  const runner = new HandlerRunner({
    ...{ plugin, clock, counters },
    timeoutMs: limits?.handlerTimeoutMs ?? 60_000,
    logOf: (account) => {
      const known = logs.get(account) ?? logger.child({ account });
      logs.set(account, known);
      return known;
    },
    telegramOf: ({ account, type, id }, handler, signal) => {
      const port = accounts.telegramOf(account.name);
      const onceKeys = new OnceKeys(plugin, { eventId: id, handler });
      return new Broker({ port, guard, signal, baseFolder, event: type, onceKeys });
    },
  });
  const maxAttempts = limits?.maxAttempts ?? 5;
  const handlers = new EventHandlers({ plugin, runner, journal, clock, logger, maxAttempts, onError });
  return { runner, handlers };
}
