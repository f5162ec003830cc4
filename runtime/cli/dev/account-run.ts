import type { Entries } from "../plugin/entries.ts";
import { openProgram, type Program } from "../program.ts";
import type { Terminal } from "../terminal.ts";
import type { DevNarrator } from "./dev-narrator.ts";
import type { DevTarget } from "./dev-target.ts";

export interface AccountRunOptions {
  /** A configuration with the one plugin. */
  readonly read: Entries;
  readonly terminal: Terminal;
  readonly narrator: DevNarrator;
  readonly signal: AbortSignal;
}

/** A plugin on the accounts of a configuration, where everybody is real. */
export class AccountRun implements DevTarget {
  readonly #options: AccountRunOptions;
  readonly #program: Program;
  #isRunning = false;

  private constructor(options: AccountRunOptions, program: Program) {
    this.#options = options;
    this.#program = program;
  }

  static async open(options: AccountRunOptions): Promise<AccountRun> {
    const { read, terminal, narrator } = options;
    const writeLog = (line: string) => narrator.log(line);
    return new AccountRun(options, await openProgram({ read, terminal, writeLog }));
  }

  async start(): Promise<void> {
    const { app } = this.#program;
    if (this.#isRunning) {
      // The life before goes on where the new one cannot start.
      for (const { name } of app.host.list()) await app.host.reload(name);
      return;
    }
    this.#options.narrator.follow(app);
    await app.start({ signal: this.#options.signal, watch: false });
    this.#isRunning = true;
  }

  async say(): Promise<void> {
    this.#options.terminal.err(
      "The people of an account write for themselves: without --config there are some to play",
    );
  }

  quiet(): Promise<void> {
    return this.#program.app.drain(this.#options.signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program.stop();
  }
}
