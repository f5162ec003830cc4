import { resolve } from "node:path";
import {
  type AccountName,
  type AccountRef,
  type HandlerContext,
  type Log,
  type PluginContext,
  type Telegram,
  TelegraphistError,
} from "../contract/index.ts";
import type { Scope } from "../scope/index.ts";
import type { GuestCalls } from "./guest-calls.ts";
import type { GuestHandlers } from "./guest-handlers.ts";
import { createGuestHttp, createGuestStore, type GuestClock } from "./guest-ports.ts";
import { createGuestTelegram } from "./guest-telegram.ts";
import type { LogLines } from "./log-lines.ts";
import type { SetupFacts } from "./setup-facts.ts";
import { createStoreView } from "./store-view.ts";

export interface GuestContextOptions {
  readonly calls: GuestCalls;
  readonly facts: SetupFacts;
  /** As the plugin's schema made it. */
  readonly config: unknown;
  readonly handlers: GuestHandlers;
  readonly lines: LogLines;
  readonly clock: GuestClock;
  /** Owns what the plugin wants undone. */
  readonly scope: Scope;
  /** Aborted when the plugin is told to stop. */
  readonly signal: AbortSignal;
}

/** All that a plugin has, in a process of its own: every port is a call to the host. */
export class GuestContext {
  readonly #options: GuestContextOptions;
  readonly #accounts: Map<AccountName, AccountRef>;
  readonly #ports = new Map<AccountName, Telegram>();

  constructor(options: GuestContextOptions) {
    this.#options = options;
    this.#accounts = new Map(options.facts.accounts.map((ref) => [ref.name, ref]));
  }

  /** What the plugin's `setup` is given. */
  get plugin(): PluginContext<unknown> {
    const { calls, facts, config, handlers, lines, clock, scope, signal } = this.#options;
    const store = createGuestStore(calls);
    const accounts = (): readonly AccountRef[] => [...this.#accounts.values()];
    const first = (): Telegram => this.#portOf([...this.#accounts.keys()][0]);
    return {
      name: facts.name,
      config,
      get accounts() {
        return accounts();
      },
      get telegram() {
        return first();
      },
      telegramOf: (account) => this.#portOf(account),
      on: handlers.on,
      store,
      storeView: (prefix, schema) => createStoreView(store, prefix, schema),
      log: lines.log(),
      http: createGuestHttp(calls),
      schedule: handlers.schedule,
      clock,
      signal,
      onDispose: (dispose) => void scope.own("onDispose", dispose),
      resolvePath: (path) => resolve(facts.baseFolder, path),
    };
  }

  /** Takes what became known of the accounts since; none is added. */
  setAccounts(refs: readonly AccountRef[]): void {
    for (const ref of refs) if (this.#accounts.has(ref.name)) this.#accounts.set(ref.name, ref);
  }

  /** What one delivery of an event is handled with; port and log are made when the handler asks for them. */
  delivery(account: AccountRef, attempt: number, signal: () => AbortSignal): HandlerContext {
    const { calls, lines } = this.#options;
    let telegram: Telegram | null = null;
    let log: Log | null = null;
    return {
      attempt,
      get telegram() {
        telegram ??= createGuestTelegram({ calls, account: () => account, isHandlers: true });
        return telegram;
      },
      get log() {
        log ??= lines.log({ isHandlers: true });
        return log;
      },
      get signal() {
        return signal();
      },
    };
  }

  #portOf(account: AccountName | undefined): Telegram {
    const ref = account === undefined ? undefined : this.#accounts.get(account);
    if (account === undefined || ref === undefined) throw this.#accountDenial(account);
    const known = this.#ports.get(account);
    if (known !== undefined) return known;
    const port = createGuestTelegram({
      calls: this.#options.calls,
      account: () => this.#accounts.get(account) ?? ref,
      isHandlers: false,
    });
    this.#ports.set(account, port);
    return port;
  }

  #accountDenial(account: AccountName | undefined): TelegraphistError {
    const plugin = this.#options.facts.name;
    const wanted = account === undefined ? "one" : JSON.stringify(account);
    return new TelegraphistError({
      code: "PERMISSION_DENIED",
      category: "PERMISSION",
      message: `Cannot use account ${wanted} as plugin "${plugin}" is not given it: add ${wanted} to plugins.${plugin}.accounts`,
      data: { plugin },
    });
  }
}
