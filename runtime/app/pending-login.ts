import type { Logger } from "../../telemetry/index.ts";
import type { LoginAnswer, LoginReport, LoginStart, LoginStep } from "../admin/index.ts";
import { type Clock, TelegraphistError, toTelegraphistError, type User } from "../contract/index.ts";
import type { CodeAnswer, LoginWay } from "../telegram/index.ts";

export interface PendingLoginOptions extends LoginStart {
  readonly login: (account: string, way: LoginWay) => Promise<User>;
  readonly run: (account: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifetimeMs: number;
}

type Question = Extract<LoginStep, { step: "phone" | "code" | "password" }>;

/** One login whose questions wait until someone answers them, and not longer than it lives. */
export class PendingLogin {
  readonly id = crypto.randomUUID();
  readonly account: string;
  readonly #options: PendingLoginOptions;
  readonly #startedAtMs: number;
  readonly #end = new AbortController();
  readonly #over = Promise.withResolvers<void>();
  #step: LoginStep = { step: "working" };
  #stepped = Promise.withResolvers<void>();
  #answer: ((answer: LoginAnswer) => void) | null = null;
  #phone: string | undefined;

  constructor(options: PendingLoginOptions) {
    this.account = options.account;
    this.#options = options;
    this.#phone = options.phone;
    this.#startedAtMs = options.clock.now();
  }

  get isOver(): boolean {
    return this.#step.step === "done" || this.#step.step === "failed";
  }

  report(): LoginReport {
    const { account, by, lifetimeMs } = this.#options;
    const startedAtMs = this.#startedAtMs;
    return { id: this.id, account, by, startedAtMs, expiresAtMs: startedAtMs + lifetimeMs, now: this.#step };
  }

  /** Runs it to its end; never rejects. */
  async run(): Promise<void> {
    const { account, clock, lifetimeMs, login, logger, run } = this.#options;
    const { signal } = this.#end;
    void clock.sleep(lifetimeMs, { signal }).then(
      () => this.#end.abort(expired()),
      // It was over before.
      () => undefined,
    );
    try {
      const { id } = await login(account, this.#way(signal));
      this.#become({ step: "done", userId: id, isRunning: await run(account) });
    } catch (thrown) {
      const error = toTelegraphistError(thrown, {
        code: "LOGIN_FAILED",
        category: "INTERNAL",
        action: "Cannot log in",
      });
      logger.warn("A login over the API came to nothing", { account, error });
      const { code, category, message } = error;
      this.#become({ step: "failed", error: { code, category, message } });
    } finally {
      this.#end.abort(expired());
      this.#over.resolve();
    }
  }

  /** Resolves when it waits for something or is over, or else after the time. */
  async settled(patienceMs: number): Promise<LoginReport> {
    const late = new AbortController();
    const sleeping = this.#options.clock.sleep(patienceMs, { signal: late.signal });
    sleeping.catch(() => undefined);
    while (this.#step.step === "working") {
      const wasLate = await Promise.race([this.#stepped.promise, sleeping.then(() => true)]);
      if (wasLate === true) break;
    }
    late.abort();
    return this.report();
  }

  /** @throws {TelegraphistError} `LOGIN_WRONG_STEP` when it waits for something else */
  answer(answer: LoginAnswer): void {
    const isFitting = "instead" in answer ? this.#step.step === "code" : this.#step.step in answer;
    if (this.#answer === null || !isFitting) throw wrongStep(this.#step.step);
    const take = this.#answer;
    this.#answer = null;
    this.#become({ step: "working" });
    take(answer);
  }

  async cancel(): Promise<void> {
    this.#end.abort(
      new TelegraphistError({
        code: "LOGIN_CANCELLED",
        category: "CANCELLED",
        message: "Cannot log in: the login was given up",
      }),
    );
    await this.#over.promise;
  }

  #way(signal: AbortSignal): LoginWay {
    const password = async ({ hint, ...request }: { readonly hint: string | null } & Asked) => {
      const answer = await this.#ask({ step: "password", hint, ...shown(request) });
      return "password" in answer ? answer.password : "";
    };
    if (this.#options.by === "qr") {
      return { signal, password, showQr: (code) => this.#become({ step: "scan", ...code }) };
    }
    return {
      signal,
      password,
      phone: async (request) => {
        const known = this.#phone;
        this.#phone = undefined;
        if (known !== undefined) return known;
        const answer = await this.#ask({ step: "phone", ...shown(request) });
        return "phone" in answer ? answer.phone : "";
      },
      code: async ({ sentVia, nextVia, length, ...request }): Promise<CodeAnswer> => {
        const answer = await this.#ask({ step: "code", sentVia, nextVia, length, ...shown(request) });
        if ("instead" in answer) return answer;
        return "code" in answer ? answer.code : "";
      },
    };
  }

  #ask(question: Question): Promise<LoginAnswer> {
    const { promise, resolve } = Promise.withResolvers<LoginAnswer>();
    this.#answer = resolve;
    this.#become(question);
    return promise;
  }

  #become(step: LoginStep): void {
    this.#step = step;
    this.#stepped.resolve();
    this.#stepped = Promise.withResolvers();
  }
}

interface Asked {
  readonly attempt: number;
  readonly problem: { readonly code: string; readonly category: string; readonly message: string } | null;
}

/** What may be shown of a question. */
function shown({ attempt, problem }: Asked): Asked {
  if (problem === null) return { attempt, problem };
  const { code, category, message } = problem;
  return { attempt, problem: { code, category, message } };
}

function expired(): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_EXPIRED",
    category: "CANCELLED",
    message: "Cannot go on with the login: it took longer than ten minutes, begin anew",
  });
}

function wrongStep(step: LoginStep["step"]): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_WRONG_STEP",
    category: "INVALID",
    message: `Cannot take the answer: the login is at the step "${step}"`,
  });
}
