import { type Logger, outsideSpans } from "../../telemetry/index.ts";
import type { AccountRef, UserId } from "../contract/index.ts";
import type { SessionHold } from "../storage/index.ts";
import { keyMissing, noSession, notStarted } from "./account-errors.ts";
import type { AccountOptions, SessionWaitOptions } from "./account-face.ts";
import type { Connector } from "./connector.ts";
import { AccountSession } from "./session.ts";

/** Of a session that nobody else can have. */
const unshared: SessionHold = {
  isFresh: true,
  lost: new AbortController().signal,
  ensure: async () => undefined,
  release: async () => undefined,
};

interface Options extends Pick<AccountOptions, "name" | "storage" | "takeSession"> {
  readonly connector: Connector;
  readonly logger: Logger;
}

/** The session that an account uses, and its right to use it. */
export class HeldSession {
  readonly #options: Options;
  #ref: AccountRef;
  #hold = unshared;
  #session: AccountSession | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#ref = { name: options.name, userId: null };
  }

  get ref(): AccountRef {
    return this.#ref;
  }

  /** The right to use it, as it is now. */
  get hold(): SessionHold {
    return this.#hold;
  }

  /** 0 before there is a session. */
  get dataCentreId(): number {
    return this.#session?.mainDataCentreId ?? 0;
  }

  /** @throws {TelegraphistError} `ACCOUNT_NOT_STARTED` */
  get inUse(): AccountSession {
    if (this.#session === null) throw notStarted(this.#options.name);
    return this.#session;
  }

  /** @throws {TelegraphistError} `LEASE_HELD` while another program has it */
  async take(signal = new AbortController().signal, wait?: SessionWaitOptions): Promise<void> {
    const { name, takeSession } = this.#options;
    // It is kept up long after whatever asked for it is over.
    this.#hold = (await outsideSpans(() => takeSession?.(name, signal, wait))) ?? unshared;
  }

  /** The stored session, from now on the one in use. @throws {TelegraphistError} `ACCOUNT_NO_SESSION`, `SESSION_KEY_MISSING` */
  async load(): Promise<AccountSession> {
    const { name, storage } = this.#options;
    const session = await AccountSession.load(storage.sessions, name);
    this.become(session?.userId ?? null);
    if (session === null || session.isLoggedOut) throw noSession(name, session !== null);
    // With a new key in its place Telegram would seem to have ended it.
    if (!session.hasKey) throw keyMissing(name);
    this.adopt(session);
    return session;
  }

  adopt(session: AccountSession): void {
    this.#session = session;
    this.become(session.userId);
  }

  /** Tells whose it is. */
  become(userId: UserId | null): void {
    this.#ref = { name: this.#options.name, userId };
  }

  /** No connection is made with a key that another program may be using by now, and none writes. */
  async open(...[session, id, authKey, hooks, signal]: Parameters<Connector["open"]>) {
    const hold = this.#hold;
    await hold.ensure();
    const mayWrite = () => hold.isFresh;
    return this.#options.connector.open(session, id, authKey, { ...hooks, mayWrite }, signal);
  }

  /** Telegram has ended it. A login from another program may then take the account up. Never rejects. */
  async end(): Promise<void> {
    try {
      await this.#session?.end();
      await this.#hold.release();
    } catch (error) {
      this.#options.logger.error("The end of the session could not be saved", { error });
    }
  }
}
