/** What a process of a bench can be asked for, by name. */
export type Face<F> = { readonly [Name in keyof F]: (input: never) => Promise<unknown> };

type InputOf<Method> = Method extends (input: infer Input) => unknown ? Input : never;
type AnswerOf<Method> = Method extends (input: never) => Promise<infer Answer> ? Answer : never;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

type Reply = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: string });

/** Answers the parent's calls until it goes away. */
export function serve<F extends Face<F>>(face: F): void {
  const methods = new Map<string, (input: never) => Promise<unknown>>(Object.entries(face));
  const reply = (message: Reply) => process.send?.(message);
  process.on("message", async ({ id, name, input }: Call) => {
    try {
      // The parent's `call` is typed by the same face.
      reply({ id, answer: await methods.get(name)?.(input as never) });
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on("disconnect", () => process.exit(0));
}

/** A process of its own that runs one file of this folder, which MUST `serve` the face. */
export class BenchProcess<F extends Face<F>> implements AsyncDisposable {
  readonly #file: string;
  readonly #child: Bun.Subprocess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;

  /** @param flags of Bun, before the file's name */
  constructor(file: string, flags: readonly string[] = []) {
    this.#file = file;
    this.#child = Bun.spawn([process.execPath, ...flags, file], {
      cwd: import.meta.dir,
      stdio: ["ignore", "inherit", "inherit"],
      serialization: "json",
      ipc: (reply: Reply) => this.#settle(reply),
      onExit: (_child, exitCode) => this.#fail(`${file} ended with ${exitCode}`),
    });
  }

  call<Name extends keyof F & string>(name: Name, input: InputOf<F[Name]>): Promise<AnswerOf<F[Name]>> {
    const id = this.#calls++;
    const waiter = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiter);
    this.#child.send({ id, name, input } satisfies Call);
    // The child serves the same face, and what crosses is plain data.
    return waiter.promise as Promise<AnswerOf<F[Name]>>;
  }

  /** Takes the processor from it: what is sent to it meanwhile waits in its sockets. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiting.clear();
    if (this.#child.exitCode === null) {
      this.resume();
      this.#child.disconnect();
    }
    await this.#child.exited;
  }

  #settle(reply: Reply): void {
    const waiter = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiter?.reject(new Error(`${this.#file}: ${reply.error}`));
    else waiter?.resolve(reply.answer);
  }

  #fail(reason: string): void {
    for (const waiter of this.#waiting.values()) waiter.reject(new Error(reason));
    this.#waiting.clear();
  }
}
