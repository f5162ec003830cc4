import type { Logger } from "../../telemetry/index.ts";
import type {
  AccountName,
  AccountRef,
  Disposer,
  Telegram,
  TelegraphistError,
  User,
} from "../contract/index.ts";
import { cancelled, type Scope } from "../scope/index.ts";
import { alreadyLoggedIn, alreadyRunning, notStarted } from "./account-errors.ts";
import type { AbortOptions, Account, AccountOptions, AccountRepair } from "./account-face.ts";
import { healthOf } from "./account-health.ts";
import { type AccountParts, wireAccount } from "./account-parts.ts";
import { scopeOf } from "./account-scope.ts";
import {
  type AccountHealth,
  type AccountState,
  type AccountStats,
  errorOf,
  isReachable,
} from "./account-state.ts";
import { type Authorization, endAuthorization, listAuthorizations } from "./authorizations.ts";
import type { MtprotoConnection } from "./connection.ts";
import { Connector } from "./connector.ts";
import { endState } from "./end-of-supervision.ts";
import { Api } from "./gramjs.ts";
import type { Successor } from "./handover.ts";
import { HeldSession } from "./held-session.ts";
import { LinesAtRest } from "./lines-at-rest.ts";
import type { LoginWay } from "./login-prompts.ts";
import { AccountSession } from "./session.ts";
import { beginSession, logInto } from "./session-life.ts";
import { SessionRenewal } from "./session-renewal.ts";
import { SessionWait } from "./session-wait.ts";
import { StateTeller } from "./state-teller.ts";
import { hooksOfHome, superviseAccount } from "./supervise-account.ts";
import type { Supervisor } from "./supervisor.ts";

/** Makes an account; nothing is opened before `start()` or `login()`. */
export function createAccount(options: AccountOptions): Account {
  return new TelegramAccount(options);
}

/** Where calls go: to the supervised connection, or to the one that a login goes over. */
interface Line {
  use<T>(signal: AbortSignal, run: (connection: MtprotoConnection) => Promise<T>): Promise<T>;
  /** Told every error that Telegram answered; says whether the account moves for it. */
  learn(error: TelegraphistError): boolean;
}

class TelegramAccount implements Account {
  readonly name: AccountName;
  readonly telegram: Telegram;
  readonly #options: AccountOptions;
  readonly #connector: Connector;
  readonly #held: HeldSession;
  readonly #parts: AccountParts;
  readonly #logger: Logger;
  readonly #teller: StateTeller;
  readonly #wait: SessionWait;
  readonly #renewal: SessionRenewal;
  #supervisor: Supervisor | null = null;
  readonly #atRest: LinesAtRest;
  #line: Line | null = null;
  #scope: Scope | null = null;
  #lastUsedAtMs: number | null = null;

  constructor(options: AccountOptions) {
    const { api, clock, name, server } = options;
    const logger = options.logger.child({ account: name });
    this.name = name;
    this.#options = options;
    this.#logger = logger;
    this.#connector = new Connector({ api, server, clock, logger });
    this.#held = new HeldSession({ ...options, connector: this.#connector, logger });
    this.#parts = wireAccount(options, {
      held: this.#held,
      logger,
      useMain: (signal, run) => this.#useMain(signal, run),
      offlineReason: () => this.#offlineReason(),
      onError: (error) => this.#line?.learn(error) ?? false,
    });
    this.telegram = this.#parts.telegram;
    this.#renewal = new SessionRenewal({ options, held: this.#held, rpc: this.#parts.rpc, logger });
    this.#teller = new StateTeller({
      account: () => this.ref,
      first: { state: "new", sinceMs: clock.now() },
      onChange: options.tell,
      onEvent: (event) => this.#parts.engine.pushEvent(event),
      logger,
    });
    this.#atRest = new LinesAtRest({
      ...{ held: this.#held, parts: this.#parts, clock },
      onLine: (line) => {
        this.#line = line;
      },
      onEnd: async (error) => {
        this.#teller.tell(endState(error, clock.now()));
        // The event of it is kept before the program, which may be one command, ends.
        await this.#parts.engine.stop();
      },
    });
    this.#wait = new SessionWait({ held: this.#held, clock, onState: (state) => this.#teller.tell(state) });
  }

  get ref(): AccountRef {
    return this.#held.ref;
  }

  get state(): AccountState {
    return this.#teller.state;
  }

  async start({ signal = new AbortController().signal }: AbortOptions = {}): Promise<void> {
    await this.#rest("start");
    this.#supervisor = await this.#wait.over(signal, () => this.#supervise());
    await this.#supervisor.start(signal);
  }

  /** Puts together what a start needs; nothing is connected yet. */
  async #supervise(): Promise<Supervisor> {
    const { engine, gate } = this.#parts;
    const session = await this.#held.load();
    await gate.load();
    await engine.start();
    const supervised = {
      ...{ options: this.#options, parts: this.#parts, held: this.#held, session },
      ...{ teller: this.#teller, logger: this.#logger },
    };
    const supervisor = superviseAccount(supervised);
    const renew = (signal: AbortSignal) => this.#renew(supervisor, signal);
    this.#scope = scopeOf({ ...supervised, supervisor, renewal: this.#renewal, renew });
    this.#line = supervisor;
    return supervisor;
  }

  async stop(): Promise<void> {
    this.#wait.end(cancelled(`start of account "${this.name}"`));
    const scope = this.#scope;
    try {
      await (scope === null ? this.#parts.engine.stop() : scope.dispose());
    } finally {
      // What could not be undone is not tried again, and holds up no start.
      if (this.#scope === scope) this.#scope = null;
    }
  }

  async login(way: LoginWay): Promise<User> {
    await this.#rest("log in");
    return this.#atRest.with(way.signal, async (makeLine) => {
      const known = await AccountSession.load(this.#options.storage.sessions, this.name);
      if (known?.isLoggedOut === false && known.hasKey) throw alreadyLoggedIn(this.name);
      const session = beginSession(this.#options, this.#connector.firstDataCentreId);
      const line = makeLine(session);
      const user = await logInto(session, known, line, way, { ...this.#options, gate: this.#parts.gate });
      this.#held.become(user.id);
      await this.#keepPresent(way.signal);
      return user;
    });
  }

  async rotate({ signal = new AbortController().signal }: AbortOptions = {}): Promise<void> {
    const running = this.#running;
    if (running !== null) return this.#renew(running, signal);
    // Whatever goes on may be a rotation, which is waited for in its turn.
    if (!this.#atRest.isInUse) await this.#rest("renew the session of");
    await this.#renewal.rotate(async (make) => {
      this.#requireRest("renew the session of");
      await this.#atRest.withSession(signal, (line) =>
        make({ hooks: {}, takeOver: (successor) => line.giveWay(successor) }, signal),
      );
    });
  }

  async repair({ signal = new AbortController().signal }: AbortOptions = {}): Promise<AccountRepair> {
    await this.#rest("repair");
    return this.#ask(signal, async () => {
      await this.#parts.rpc.invoke(new Api.updates.GetState(), { signal });
      await this.#held.inUse.verify(this.#options.clock.now());
      const endedSessions = await this.#renewal.endSpares(signal);
      await this.#options.storage.entities.clear(this.name);
      const place = await this.#parts.engine.resync(signal);
      return { endedSessions, place };
    });
  }

  authorizations(options: AbortOptions = {}): Promise<readonly Authorization[]> {
    return this.#ask(options.signal, () => listAuthorizations(this.#parts.rpc, options));
  }

  endAuthorization(id: string, options: AbortOptions = {}): Promise<void> {
    return this.#ask(options.signal, () => endAuthorization(this.#parts.rpc, id, options));
  }

  async logOut(options: AbortOptions = {}): Promise<void> {
    const { signal = new AbortController().signal } = options;
    await this.#ask(signal, async () => {
      await this.#renewal.endSpares(signal);
      await this.#parts.rpc.invoke(new Api.auth.LogOut(), options);
    });
    await this.stop();
    await this.#options.storage.sessions.delete(this.name);
    this.#held.become(null);
  }

  health(): AccountHealth {
    const { name, state } = this;
    const rest = { parts: this.#parts, supervisor: this.#supervisor, lastUsedAtMs: this.#lastUsedAtMs };
    return healthOf({ name, state, ...rest });
  }

  async ping({ signal = new AbortController().signal }: AbortOptions = {}): Promise<void> {
    if (this.#supervisor === null) throw notStarted(this.name);
    await this.#supervisor.ping(signal);
  }

  stats(): AccountStats {
    return { ...this.#parts.engine.stats, unmapped: this.#parts.translator.stats().unmapped };
  }

  onState(listener: (state: AccountState) => void): Disposer {
    return this.#teller.onState(listener);
  }

  closeIdleConnections(idleMs: number): Promise<number> {
    return this.#parts.others.closeIdle(idleMs);
  }

  /** A login that went well is not undone by this: the first start begins from its own present then. */
  async #keepPresent(signal = new AbortController().signal): Promise<void> {
    try {
      await this.#parts.engine.keepPresent(signal);
    } catch (error) {
      this.#logger.warn("The place to read updates from could not be kept at the login", { error });
    }
  }

  /** Makes room for a new start when the last one has ended by itself. */
  async #rest(action: string): Promise<void> {
    this.#requireRest(action);
    await this.stop();
  }

  #requireRest(action: string): void {
    if (this.#wait.heldBy !== null) throw this.#wait.heldBy;
    if (this.#running !== null || this.#atRest.isInUse) throw alreadyRunning(this.name, action);
  }

  /** What keeps the account connected; `null` once that is over, by itself too. */
  get #running(): Supervisor | null {
    return this.#supervisor?.isOver === false ? this.#supervisor : null;
  }

  /** Without a stop on the way: the care for the session, which stopping waits for, comes here too. */
  #renew(supervisor: Supervisor, signal: AbortSignal): Promise<void> {
    const ended = this.#scope?.signal ?? signal;
    const hooks = hooksOfHome(this.#parts, this.#logger);
    const takeOver = async (successor: Successor) => {
      await supervisor.takeOver(successor);
      // They speak for the former session.
      await this.#parts.others.closeAll();
    };
    return this.#renewal.rotate((make) => make({ hooks, takeOver }, AbortSignal.any([signal, ended])));
  }

  /** Over the account's connection, or over one for this alone when it is not started. */
  async #ask<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    if (this.#running !== null) return run();
    await this.#rest("ask Telegram for");
    return this.#atRest.withSession(signal, run);
  }

  #useMain<T>(signal: AbortSignal, run: (connection: MtprotoConnection) => Promise<T>): Promise<T> {
    if (this.#wait.heldBy !== null) throw this.#wait.heldBy;
    if (this.#line === null) throw notStarted(this.name);
    this.#lastUsedAtMs = this.#options.clock.now();
    return this.#line.use(signal, run);
  }

  #offlineReason(): string | null {
    const { state } = this;
    if (this.#supervisor === null || isReachable(state)) return null;
    return errorOf(state)?.message ?? state.state;
  }
}
