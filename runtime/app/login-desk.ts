import type { Logger } from "../../telemetry/index.ts";
import type { LoginAnswer, LoginPort, LoginReport, LoginStart } from "../admin/index.ts";
import { type Clock, TelegraphistError, type User } from "../contract/index.ts";
import type { LoginWay } from "../telegram/index.ts";
import { PendingLogin } from "./pending-login.ts";

export interface LoginDeskOptions {
  readonly login: (account: string, way: LoginWay) => Promise<User>;
  /** What the configuration says of an account, for a login that is given no number. */
  readonly phoneOf: (account: string) => string | undefined;
  /** Begins to run an account that is logged in now; says whether it does. MUST NOT reject. */
  readonly run: (account: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Logins that go on at once. */
const maxOpen = 5;
/** Logins that are over and still looked at. */
const maxOver = 20;
const lifetimeMs = 600_000;
/** How long an answer waits for Telegram's. */
const patienceMs = 30_000;

/** Logins that go step by step, each step an answer from outside. */
export class LoginDesk implements LoginPort {
  readonly #options: LoginDeskOptions;
  readonly #logins = new Map<string, PendingLogin>();

  constructor(options: LoginDeskOptions) {
    this.#options = options;
  }

  /** @throws {TelegraphistError} `LOGIN_TOO_MANY`, `LOGIN_IN_PROGRESS` */
  async start(request: LoginStart): Promise<LoginReport> {
    const open = [...this.#logins.values()].filter(({ isOver }) => !isOver);
    if (open.some(({ account }) => account === request.account)) throw inProgress(request.account);
    if (open.length >= maxOpen) throw tooMany();
    const phone = request.phone ?? this.#options.phoneOf(request.account);
    const login = new PendingLogin({ ...this.#options, ...request, phone, lifetimeMs });
    this.#logins.set(login.id, login);
    this.#forget();
    void login.run();
    return login.settled(patienceMs);
  }

  list(): readonly LoginReport[] {
    return Array.from(this.#logins.values(), (login) => login.report());
  }

  get(id: string): LoginReport {
    return this.#byId(id).report();
  }

  /** @throws {TelegraphistError} `LOGIN_NOT_FOUND`, `LOGIN_WRONG_STEP` */
  answer(id: string, answer: LoginAnswer): Promise<LoginReport> {
    const login = this.#byId(id);
    login.answer(answer);
    return login.settled(patienceMs);
  }

  async cancel(id: string): Promise<void> {
    const login = this.#byId(id);
    this.#logins.delete(id);
    await login.cancel();
  }

  /** Gives up all that go on. */
  async stop(): Promise<void> {
    await Promise.all(Array.from(this.#logins.values(), (login) => login.cancel()));
  }

  #forget(): void {
    const over = [...this.#logins.values()].filter(({ isOver }) => isOver);
    for (const { id } of over.slice(0, Math.max(0, over.length - maxOver))) this.#logins.delete(id);
  }

  #byId(id: string): PendingLogin {
    const login = this.#logins.get(id);
    if (login !== undefined) return login;
    throw new TelegraphistError({
      code: "LOGIN_NOT_FOUND",
      category: "NOT_FOUND",
      message: "Cannot find the login: it was given up or is over for long, begin anew",
    });
  }
}

function tooMany(): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_TOO_MANY",
    category: "INVALID",
    message: `Cannot begin a login: ${maxOpen} go on already, end one of them first`,
  });
}

function inProgress(account: string): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_IN_PROGRESS",
    category: "INVALID",
    message: `Cannot begin a login of ${JSON.stringify(account)}: one goes on already, end it first`,
  });
}
