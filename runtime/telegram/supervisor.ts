import { outsideSpans, span, spanNames } from "../../telemetry/index.ts";
import type { TelegraphistError } from "../contract/index.ts";
import { sleepUntil } from "../scope/index.ts";
import { orAborted } from "./abortable.ts";
import type { AccountState } from "./account-state.ts";
import { connectFailure } from "./connect-failure.ts";
import type { MtprotoConnection } from "./connection.ts";
import { endState, endsUse, isBeyondWaiting, stoppedError } from "./end-of-supervision.ts";
import { Alarm } from "./engine/alarm.ts";
import { homeMigrationOf, waitMsOf } from "./errors.ts";
import type { Freeze } from "./flood/restriction.ts";
import { Handover, handoverFailed, replaced, type Successor } from "./handover.ts";
import { HomeConnections, type HomeConnectionsOptions } from "./home-connections.ts";
import { Pulse, type PulseOptions } from "./pulse.ts";
import { delayMs, reconnectPolicy } from "./retry-policy.ts";

export interface SupervisorOptions extends PulseOptions, HomeConnectionsOptions {
  /** Why and until when the account may change nothing, though it is online; `null` when it may. */
  readonly frozen: () => Freeze | null;
  /** Fetches what was missed, over the connection that is ready then. MUST NOT reject. */
  readonly catchUp: () => Promise<void>;
  readonly onState: (state: AccountState) => void;
  readonly attributes: Readonly<Record<string, string>>;
  /** A number from 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/** A connection that held for so long is a good one: the next loss begins with short delays again. */
const stableMs = 30_000;

/**
 * Keeps one connection alive: connects, has the session verified, listens for its end by pings, and comes back with
 * growing delays for as long as that can help. GramJS's own loop takes a lost ping for a reason to start a second
 * connection, outlives `disconnect()`, and takes any error for a logged-out session (defects G3, G4, G8, G16).
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #stopping = new AbortController();
  #ready = pending<MtprotoConnection>();
  #first = pending<void>();
  #connection: MtprotoConnection | null = null;
  /** Ends the stay on the connection. */
  #leave: (reason: TelegraphistError) => void = () => undefined;
  readonly #handover = new Handover();
  readonly #home: HomeConnections;
  readonly #pulse: Pulse;
  readonly #thaw: Alarm;
  #running: Promise<void> | null = null;
  #state: AccountState;
  #final: TelegraphistError | null = null;
  #connects = 0;
  #lastError: TelegraphistError | null = null;
  #isOver = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#home = new HomeConnections(options);
    this.#pulse = new Pulse(options);
    this.#thaw = new Alarm(options.clock, () => this.#state.state === "frozen" && this.#settleIn());
    this.#state = { state: "new", sinceMs: options.clock.now() };
  }

  /** Whether it will not try again by itself. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get pulse(): Pick<Pulse, "latencyMs" | "lastHeardAtMs"> {
    return this.#pulse;
  }

  get lastError(): TelegraphistError | null {
    return this.#lastError;
  }

  get reconnects(): number {
    return Math.max(0, this.#connects - 1);
  }

  /**
   * Resolves when the first attempt is over: the account is connected, or is offline and goes on trying.
   *
   * @throws {TelegraphistError} when trying again cannot help; the signal's reason when it is aborted first
   */
  async start(signal: AbortSignal): Promise<void> {
    this.#running ??= outsideSpans(() => this.#run());
    await orAborted(this.#first.promise, signal);
  }

  /** Runs the function on the connection, once there is one. @throws {TelegraphistError} `CONNECTION_LOST` */
  async use<T>(signal: AbortSignal, run: (connection: MtprotoConnection) => Promise<T>): Promise<T> {
    const connection = await orAborted(this.#ready.promise, signal);
    return this.#handover.count(run(connection));
  }

  /** Asks for a sign of life now, not at the next ping's time. @throws {TelegraphistError} `CONNECTION_LOST`, `PING_TIMEOUT` */
  async ping(signal: AbortSignal): Promise<void> {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(this.#pulse.timeoutMs)]);
    await this.use(bounded, (connection) => this.#pulse.ask(connection, signal));
  }

  /**
   * Goes over to another connection between two calls; pushes that come over either are taken in. Resolves when it has.
   *
   * @throws {TelegraphistError} `HANDOVER_FAILED` while there is no connection, and what `commit` throws
   */
  async takeOver(successor: Successor): Promise<void> {
    if (this.#connection === null || this.#handover.isUnderWay)
      throw handoverFailed("the account is offline");
    const done = this.#handover.offer(successor);
    this.#retreat(replaced());
    await done;
  }

  /**
   * Takes in what was told: that the session is over, or another program's, that the account is frozen, or lives
   * elsewhere.
   *
   * @returns whether a call that failed so finds its answer on the next connection
   */
  learn(error: TelegraphistError): boolean {
    if (this.#final !== null) return false;
    if (homeMigrationOf(error) !== null) return this.#depart(error);
    if (endsUse(error)) {
      this.#final = error;
      this.#lastError = error;
      this.#stopping.abort(error);
    } else if (error.category === "FLOOD_BLOCK" && this.#state.state !== "frozen") {
      if (this.#options.frozen() !== null) this.#settleIn();
    }
    return false;
  }

  /** Closes the connection and ends every wait for it. A second call waits for the first. */
  async stop(): Promise<void> {
    this.#final ??= stoppedError();
    this.#stopping.abort(this.#final);
    if (this.#running === null) this.#settle(this.#final);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      const startedAtMs = this.#now();
      const error = await this.#live(signal);
      if (signal.aborted) break;
      this.#lastError = error;
      this.learn(error);
      if (isBeyondWaiting(error)) this.#final ??= error;
      if (this.#final !== null) break;
      failures = this.#now() - startedAtMs >= stableMs ? 1 : failures + 1;
      await this.#rest(error, failures, signal);
    }
    this.#settle(this.#final ?? stoppedError());
  }

  /** Calls wait from here on for a connection to where the account lives, unless it has come there already. */
  #depart(error: TelegraphistError): true {
    if (this.#connection !== null && this.#connection.dataCentreId !== homeMigrationOf(error)) {
      this.#retreat(error);
    }
    return true;
  }

  /** Leaves the connection; calls wait for the next. */
  #retreat(reason: TelegraphistError): void {
    this.#connection = null;
    this.#ready = pending();
    this.#leave(reason);
  }

  /** Connects and stays until the connection ends; resolves with the reason. */
  async #live(signal: AbortSignal): Promise<TelegraphistError> {
    const { attributes, clock } = this.#options;
    let broken: Successor["broken"] = Promise.withResolvers();
    let connection: MtprotoConnection | null = null;
    try {
      connection = await span(spanNames.connect, { root: true, kind: "client", attributes }, () => {
        this.#become({ state: "connecting", sinceMs: this.#now() });
        return this.#home.open(broken.resolve, signal);
      });
      for (;;) {
        this.#leave = broken.resolve;
        void this.#goOnline(connection);
        const reason = await this.#pulse.untilLost(connection, broken.promise, signal);
        const successor = await this.#handover.take(connection, clock, signal);
        if (successor === null) return await this.#home.follow(connection, reason, signal);
        ({ broken, connection } = successor);
      }
    } catch (error) {
      return connectFailure(error);
    } finally {
      this.#handover.refuse(handoverFailed("the connection ended"));
      if (connection !== null) await this.#goOffline(connection);
    }
  }

  async #rest(error: TelegraphistError, failures: number, signal: AbortSignal): Promise<void> {
    const { clock, random = Math.random } = this.#options;
    const waitMs = waitMsOf(error);
    const sinceMs = this.#now();
    const untilMs = sinceMs + (waitMs ?? delayMs(reconnectPolicy, failures, random()) ?? 0);
    const reason = { sinceMs, error: error.toJSON() };
    this.#become(
      waitMs === null
        ? { state: "offline", ...reason, retryAtMs: untilMs }
        : { state: "waiting", ...reason, untilMs },
    );
    this.#first.resolve();
    try {
      await sleepUntil(clock, untilMs, signal);
    } catch (cancelled) {
      // Stopping is what the loop asks for next.
      if (!signal.aborted) throw cancelled;
    }
  }

  async #goOnline(connection: MtprotoConnection): Promise<void> {
    this.#connects += 1;
    this.#connection = connection;
    this.#become({ state: "catching-up", sinceMs: this.#now() });
    this.#ready.resolve(connection);
    this.#first.resolve();
    await this.#options.catchUp();
    // It may have broken, or been found frozen, meanwhile.
    if (this.#connection !== connection || this.#state.state !== "catching-up") return;
    this.#settleIn();
  }

  /** Online, or frozen for as long as Telegram refuses every change. */
  #settleIn(): void {
    if (this.#connection === null) return;
    const { dataCentreId } = this.#connection;
    const sinceMs = this.#now();
    const freeze = this.#options.frozen();
    this.#become(
      freeze === null
        ? { state: "online", sinceMs, dataCentreId }
        : { state: "frozen", sinceMs, error: freeze.error.toJSON(), untilMs: freeze.untilMs },
    );
    outsideSpans(() => this.#thaw.setFor(freeze?.untilMs ?? null));
  }

  async #goOffline(connection: MtprotoConnection): Promise<void> {
    this.#thaw.off();
    if (this.#connection === connection) {
      this.#connection = null;
      this.#ready = pending();
    }
    await connection.close(this.#final ?? undefined);
  }

  /** No attempt will follow: whoever waits is told why. */
  #settle(error: TelegraphistError): void {
    this.#isOver = true;
    this.#become(endState(error, this.#now()));
    this.#first.reject(error);
    this.#ready.reject(error);
  }

  #become(state: AccountState): void {
    this.#state = state;
    this.#options.onState(state);
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

/** A promise that may be rejected while nobody waits for it. */
function pending<T>(): PromiseWithResolvers<T> {
  const resolvers = Promise.withResolvers<T>();
  resolvers.promise.catch(() => undefined);
  return resolvers;
}
