import { attributeNames, type Logger } from "../../telemetry/index.ts";
import type {
  AccountName,
  AccountRef,
  ChatId,
  Disposer,
  Telegram,
  TelegraphistError,
  User,
} from "../contract/index.ts";
import { Scope } from "../scope/index.ts";
import type { SessionHold } from "../storage/index.ts";
import { alreadyLoggedIn, alreadyRunning, noSession, notStarted } from "./account-errors.ts";
import type { AbortOptions, Account, AccountOptions } from "./account-face.ts";
import { type AccountHealth, type AccountState, type AccountStats, isReachable } from "./account-state.ts";
import { type Authorization, endAuthorization, listAuthorizations } from "./authorizations.ts";
import type { MtprotoConnection } from "./connection.ts";
import { Connector } from "./connector.ts";
import { UpdateEngine } from "./engine/update-engine.ts";
import { FloodGate } from "./flood/flood-gate.ts";
import { Api } from "./gramjs.ts";
import { LoginLine, type LoginLineOptions } from "./login-line.ts";
import type { LoginWay } from "./login-prompts.ts";
import { moveHome } from "./move-home.ts";
import { createTelegram } from "./operations/create-telegram.ts";
import { OtherConnections } from "./other-connections.ts";
import { PeerResolver } from "./peers/peer-resolver.ts";
import { RpcClient } from "./rpc-client.ts";
import { AccountSession } from "./session.ts";
import { beginSession, logInto, verifySession } from "./session-life.ts";
import { StateTeller } from "./state-teller.ts";
import { Supervisor } from "./supervisor.ts";
import { createUpdateTranslator, type UpdateTranslator } from "./updates/update-translator.ts";

/** Makes an account; nothing is opened before `start()` or `login()`. */
export function createAccount(options: AccountOptions): Account {
  return new TelegramAccount(options);
}

/** Where calls go: to the supervised connection, or to the one that a login goes over. */
interface Line {
  use<T>(signal: AbortSignal, run: (connection: MtprotoConnection) => Promise<T>): Promise<T>;
}

/** Of a session that nobody else can have. */
const unshared: SessionHold = {
  isFresh: true,
  lost: new AbortController().signal,
  ensure: async () => undefined,
  release: async () => undefined,
};

class TelegramAccount implements Account {
  readonly name: AccountName;
  readonly telegram: Telegram;
  readonly #options: AccountOptions;
  readonly #connector: Connector;
  readonly #logger: Logger;
  readonly #gate: FloodGate;
  readonly #rpc: RpcClient;
  readonly #others: OtherConnections;
  readonly #engine: UpdateEngine;
  readonly #translator: UpdateTranslator;
  readonly #teller: StateTeller;
  readonly #idle: AccountState;
  #ref: AccountRef;
  #hold = unshared;
  #session: AccountSession | null = null;
  #supervisor: Supervisor | null = null;
  #line: Line | null = null;
  #scope: Scope | null = null;
  #lastUsedAtMs: number | null = null;

  constructor(options: AccountOptions) {
    const { clock, name, server, storage } = options;
    this.name = name;
    this.#options = options;
    this.#ref = { name, userId: null };
    this.#idle = { state: "new", sinceMs: clock.now() };
    this.#logger = options.logger.child({ account: name });
    this.#teller = new StateTeller({
      account: () => this.#ref,
      first: this.#idle,
      onEvent: (event) => this.#engine.pushEvent(event),
      onLoggedOut: () => void this.#rememberEnd(),
      logger: this.#logger,
    });
    this.#connector = new Connector({ api: options.api, server, clock, logger: this.#logger });
    this.#gate = new FloodGate({
      account: () => this.#ref,
      waits: storage.floodWaits,
      clock,
      logger: this.#logger,
      hasWritten: (chatId, signal) => this.#hasWritten(chatId, signal),
      onEvent: (event) => this.#engine.pushEvent(event),
    });
    this.#others = new OtherConnections({
      session: () => this.#sessionInUse(),
      open: (id, authKey, onBroken, signal) =>
        this.#open(this.#sessionInUse(), id, authKey, { onBroken }, signal),
      exportAuthorization: (dcId, signal) =>
        this.#rpc.invoke(new Api.auth.ExportAuthorization({ dcId }), { signal }),
      clock,
    });
    this.#rpc = new RpcClient({
      account: () => this.#ref,
      dataCentreId: () => this.#session?.mainDataCentreId ?? 0,
      connections: {
        useMain: (signal, run) => this.#useMain(signal, run),
        useOther: (id, signal, run) => this.#others.use(id, signal, run),
        offlineReason: () => this.#offlineReason(),
      },
      gate: this.#gate,
      clock,
      onError: (error) => this.#supervisor?.learn(error) ?? false,
    });
    const peers = new PeerResolver({ rpc: this.#rpc, storage, clock, logger: this.#logger });
    this.#translator = createUpdateTranslator({ rpc: this.#rpc, peers, logger: this.#logger });
    this.#engine = new UpdateEngine({
      account: name,
      rpc: this.#rpc,
      peers: peers.store,
      translator: this.#translator,
      states: storage.updateStates,
      commit: options.commit,
      clock,
      logger: this.#logger,
    });
    this.telegram = createTelegram({
      rpc: this.#rpc,
      peers,
      clock,
      sentMessages: storage.sentMessages,
      onUpdates: (updates) => this.#engine.push(updates),
    });
  }

  get ref(): AccountRef {
    return this.#ref;
  }

  get state(): AccountState {
    return this.#supervisor?.state ?? this.#idle;
  }

  async start(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#rest("start");
    const signal = options.signal ?? new AbortController().signal;
    await this.#take(signal);
    try {
      this.#supervisor = await this.#supervise();
    } catch (error) {
      await this.#hold.release();
      throw error;
    }
    await this.#supervisor.start(signal);
  }

  /** Puts together what a start needs; nothing is connected yet. */
  async #supervise(): Promise<Supervisor> {
    const { clock } = this.#options;
    const session = await this.#loadSession();
    this.#adopt(session);
    await this.#gate.load();
    await this.#engine.start();
    const supervisor = new Supervisor({
      open: (onBroken, bounded) => this.#openMain(session, onBroken, bounded),
      verify: (connection, bounded) =>
        verifySession(session, connection, bounded, { clock, logger: this.#logger }),
      move: (from, dataCentreId, bounded) =>
        moveHome(
          {
            ...{ session, from, dataCentreId },
            open: (signal) => this.#open(session, dataCentreId, null, { onBroken: () => undefined }, signal),
          },
          bounded,
        ),
      frozen: () => this.#gate.frozen(),
      catchUp: () => this.#engine.catchUp(this.#teller.wasOnline ? "reconnect" : "start"),
      onState: (state) => this.#teller.tell(state),
      clock,
      logger: this.#logger,
      attributes: { [attributeNames.account]: this.name },
    });
    const { lost } = this.#hold;
    lost.addEventListener("abort", () => supervisor.learn(lost.reason), { once: true });
    this.#scope = this.#scopeOf(session, supervisor);
    this.#line = supervisor;
    return supervisor;
  }

  async stop(): Promise<void> {
    await this.#scope?.dispose();
  }

  async login(way: LoginWay): Promise<User> {
    await this.#rest("log in");
    return this.#overLine(way.signal, async (makeLine) => {
      const known = await AccountSession.load(this.#options.storage.sessions, this.name);
      if (known !== null && !known.isLoggedOut) throw alreadyLoggedIn(this.name);
      const session = beginSession(this.#options, this.#connector.firstDataCentreId);
      const line = makeLine(session);
      const user = await logInto(session, known, line, way, { ...this.#options, gate: this.#gate });
      this.#ref = { name: this.name, userId: user.id };
      await this.#keepPresent(way.signal);
      return user;
    });
  }

  authorizations(options: AbortOptions = {}): Promise<readonly Authorization[]> {
    return this.#ask(options.signal, () => listAuthorizations(this.#rpc, options));
  }

  endAuthorization(id: string, options: AbortOptions = {}): Promise<void> {
    return this.#ask(options.signal, () => endAuthorization(this.#rpc, id, options));
  }

  async logOut(options: AbortOptions = {}): Promise<void> {
    const { sessions, entities, updateStates } = this.#options.storage;
    await this.#ask(options.signal, () => this.#rpc.invoke(new Api.auth.LogOut(), options));
    await this.stop();
    await sessions.delete(this.name);
    await entities.clear(this.name);
    await updateStates.clear(this.name);
    this.#ref = { name: this.name, userId: null };
  }

  health(): AccountHealth {
    const supervisor = this.#supervisor;
    return {
      name: this.name,
      state: this.state,
      latencyMs: supervisor?.latencyMs ?? null,
      otherConnections: this.#others.size,
      reconnects: supervisor?.reconnects ?? 0,
      lastUpdateAtMs: this.#engine.lastUpdateAtMs,
      lastUsedAtMs: this.#lastUsedAtMs,
      lastError: supervisor?.lastError?.toJSON() ?? null,
      waits: this.#gate.waits(),
      callsWaiting: this.#gate.callsWaiting,
    };
  }

  stats(): AccountStats {
    return { ...this.#engine.stats, unmapped: this.#translator.stats().unmapped };
  }

  onState(listener: (state: AccountState) => void): Disposer {
    return this.#teller.onState(listener);
  }

  closeIdleConnections(idleMs: number): Promise<number> {
    return this.#others.closeIdle(idleMs);
  }

  /** A login that went well is not undone by this: the first start begins from its own present then. */
  async #keepPresent(signal = new AbortController().signal): Promise<void> {
    try {
      await this.#engine.keepPresent(signal);
    } catch (error) {
      this.#logger.warn("The place to read updates from could not be kept at the login", { error });
    }
  }

  /** Makes room for a new start when the last one has ended by itself. */
  async #rest(action: string): Promise<void> {
    if (this.#isRunning || this.#line instanceof LoginLine) throw alreadyRunning(this.name, action);
    await this.stop();
  }

  get #isRunning(): boolean {
    return this.#supervisor?.isOver === false;
  }

  /** Over the account's connection, or over one for this alone when it is not started. */
  async #ask<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    if (this.#isRunning) return run();
    await this.#rest("ask Telegram for");
    return this.#overLine(signal, async (makeLine) => {
      makeLine(await this.#loadSession());
      await this.#gate.load();
      return run();
    });
  }

  async #loadSession(): Promise<AccountSession> {
    const session = await AccountSession.load(this.#options.storage.sessions, this.name);
    if (session === null || session.isLoggedOut) throw noSession(this.name, session !== null);
    return session;
  }

  /** Holds the session meanwhile; afterwards no connection is left. */
  async #overLine<T>(
    signal: AbortSignal | undefined,
    run: (makeLine: (session: AccountSession) => LoginLine) => Promise<T>,
  ): Promise<T> {
    await this.#take(signal);
    let line: LoginLine | null = null;
    const makeLine = (session: AccountSession): LoginLine => {
      this.#adopt(session);
      const open: LoginLineOptions["open"] = (...rest) => this.#open(session, ...rest);
      line = new LoginLine({ session, rpc: this.#rpc, open });
      this.#line = line;
      return line;
    };
    try {
      return await run(makeLine);
    } finally {
      await this.#endLine(line);
      await this.#hold.release();
    }
  }

  async #endLine(line: LoginLine | null): Promise<void> {
    if (this.#line === line) this.#line = null;
    await line?.close();
  }

  async #take(signal = new AbortController().signal): Promise<void> {
    this.#hold = (await this.#options.takeSession?.(this.name, signal)) ?? unshared;
  }

  #adopt(session: AccountSession): void {
    this.#session = session;
    this.#ref = { name: this.name, userId: session.userId };
  }

  /** Undone from the last to the first: nothing new comes in, what came in goes through, what is known is saved. */
  #scopeOf(session: AccountSession, supervisor: Supervisor): Scope {
    const scope = new Scope(`account ${this.name}`, {
      disposeTimeoutMs: this.#options.stopTimeoutMs ?? 10_000,
    });
    const hold = this.#hold;
    scope.own("lease", () => hold.release());
    scope.own("session", () => session.saved());
    scope.own("connections for files", () => this.#others.closeAll());
    scope.own("updates", () => this.#engine.stop());
    scope.own("connection", () => supervisor.stop());
    return scope;
  }

  #openMain(
    session: AccountSession,
    onBroken: (error: TelegraphistError) => void,
    signal: AbortSignal,
  ): Promise<MtprotoConnection> {
    const hooks = {
      onBroken,
      onUpdates: (updates: Api.TypeUpdates) => this.#engine.push(updates),
      onUnreadable: (constructorId: string) => {
        this.#logger.warn("A message is newer than this program and is fetched in another form", {
          constructorId,
        });
        this.#engine.suspect("unreadable");
      },
      onNewSession: () => this.#engine.suspect("session"),
    };
    const home = session.mainDataCentreId;
    return this.#open(session, home, session.authKey(home), hooks, signal);
  }

  /** No connection is made with a key that another program may be using by now, and none writes. */
  async #open(...[session, id, authKey, hooks, signal]: Parameters<Connector["open"]>) {
    const hold = this.#hold;
    await hold.ensure();
    const mayWrite = () => hold.isFresh;
    return this.#connector.open(session, id, authKey, { ...hooks, mayWrite }, signal);
  }

  #useMain<T>(signal: AbortSignal, run: (connection: MtprotoConnection) => Promise<T>): Promise<T> {
    if (this.#line === null) throw notStarted(this.name);
    this.#lastUsedAtMs = this.#options.clock.now();
    return this.#line.use(signal, run);
  }

  /** Looks at the latest messages of a private chat; one of the other side makes an answer of what goes there. */
  async #hasWritten(chatId: ChatId, signal: AbortSignal): Promise<boolean> {
    const { messages } = await this.telegram.history(chatId, { signal });
    return messages.some(({ direction }) => direction === "incoming");
  }

  #offlineReason(): string | null {
    const { state } = this;
    if (this.#supervisor === null || isReachable(state)) return null;
    return ("error" in state ? state.error?.message : undefined) ?? state.state;
  }

  #sessionInUse(): AccountSession {
    if (this.#session === null) throw notStarted(this.name);
    return this.#session;
  }

  /** A login from another program may then take the account up. */
  async #rememberEnd(): Promise<void> {
    try {
      await this.#session?.end();
      await this.#hold.release();
    } catch (error) {
      this.#logger.error("The end of the session could not be saved", { error });
    }
  }
}
