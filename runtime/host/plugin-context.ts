import { resolve } from "node:path";
import type { Logger } from "../../telemetry/index.ts";
import type { Intake } from "../bus/index.ts";
import type {
  AccountName,
  AccountRef,
  Disposer,
  EventMap,
  EventName,
  FilterOf,
  Handler,
  HandlerContext,
  PluginContext,
  Schedule,
  Subscribe,
  Telegram,
  TelegraphistEvent,
} from "../contract/index.ts";
import { createStoreView } from "../guest/index.ts";
import { type Scope, systemClock } from "../scope/index.ts";
import { Broker } from "./broker.ts";
import { eventGate, requireEvent } from "./event-gate.ts";
import type { EventHandlers } from "./event-handlers.ts";
import type { Guard } from "./guard.ts";
import { OnceKeys } from "./once-keys.ts";
import { createPluginHttp } from "./plugin-http.ts";
import { createPluginStore } from "./plugin-store.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";
import { StorePace } from "./store-pace.ts";

export interface PluginContextOptions {
  readonly host: HostOptions;
  readonly entry: PluginEntry;
  /** As the plugin's schema made it. */
  readonly config: unknown;
  readonly guard: Guard;
  readonly scope: Scope;
  readonly handlers: EventHandlers;
  readonly intake: Intake;
  readonly schedule: Schedule;
  readonly logger: Logger;
}

/** Makes all that a plugin has; what is made through it belongs to the scope. */
export function createPluginContext(options: PluginContextOptions): PluginContext<unknown> {
  const { host, entry, config, guard, scope, schedule, logger } = options;
  const { clock, pluginClock = clock, baseFolder } = host;
  const store = createPluginStore(entry.name, host.store, new StorePace(systemClock, scope.signal));
  const brokers = new Map<AccountName, Telegram>();

  const telegramOf = (account: AccountName): Telegram => {
    if (!entry.accounts.includes(account)) throw guard.accountDenial(account);
    const known = brokers.get(account);
    if (known !== undefined) return known;
    const port = host.accounts.telegramOf(account);
    const onceKeys = new OnceKeys(entry.name, null);
    const broker = new Broker({
      ...{ port, guard, baseFolder, onceKeys },
      signal: () => scope.signal,
      event: null,
    });
    brokers.set(account, broker);
    return broker;
  };

  const accounts = (): readonly AccountRef[] => accountsOf(host, entry);

  return {
    name: entry.name,
    config,
    get accounts() {
      return accounts();
    },
    get telegram() {
      const [first] = entry.accounts;
      if (first === undefined)
        throw guard.denial("use telegram", "has no account", `list one in plugins.${entry.name}.accounts`);
      return telegramOf(first);
    },
    telegramOf,
    on: createSubscribe(options, eventGate(guard, entry.accounts)),
    store,
    storeView: (prefix, schema) => createStoreView(store, prefix, schema),
    log: logger,
    http: createPluginHttp({ guard, clock, signal: scope.signal, secrets: host.httpSecrets }),
    schedule,
    clock: pluginClock,
    signal: scope.signal,
    onDispose: (dispose) => void scope.own("onDispose", dispose),
    resolvePath: (path) => resolve(baseFolder, path),
  };
}

/** The accounts of an entry, in its order, as they are now. */
export function accountsOf(host: HostOptions, entry: PluginEntry): readonly AccountRef[] {
  const refs = host.accounts.refs();
  return entry.accounts.flatMap((name) => refs.find((ref) => ref.name === name) ?? []);
}

function createSubscribe(
  { host, entry, guard, scope, handlers, intake }: PluginContextOptions,
  admit: (event: TelegraphistEvent) => TelegraphistEvent | null,
): Subscribe {
  // How many handlers each event has had, which tells them apart in every life of the plugin.
  const counts = new Map<EventName, number>();
  return <Name extends EventName>(
    name: Name,
    filterOrHandler: FilterOf<Name> | Handler<EventMap[Name]>,
    // The overloads of `Subscribe` promise the narrowed type; the bus's filter is what makes it so.
    filteredHandler?: Handler<never>,
  ): Disposer => {
    requireEvent(guard, name);
    const filter = typeof filterOrHandler === "function" ? undefined : filterOrHandler;
    const handler = (typeof filterOrHandler === "function" ? filterOrHandler : filteredHandler) as Handler<
      EventMap[Name]
    >;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const id = `${name} ${count}`;
    let unsubscribe: Disposer | null = null;
    const release = scope.own(`on ${name}`, () => unsubscribe?.());
    unsubscribe = host.bus.subscribe(
      name,
      filter,
      (event, ticket) => {
        const handle = (context: HandlerContext) => handler(event, context);
        return handlers.handle({ event, phase: "handler", handler: id, handle }, ticket);
      },
      { owner: entry.name, admit, intake },
    );
    return release;
  };
}
