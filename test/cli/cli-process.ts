import { fileURLToPath } from "node:url";

export const program = fileURLToPath(new URL("../../runtime/main.ts", import.meta.url));

/** `telegraphist` as a process of its own; ended by force with the block if it still runs. */
export interface CliProcess extends AsyncDisposable {
  /** All of standard output so far. */
  readonly output: () => string;
  /** All of standard error so far. */
  readonly errors: () => string;
  /** Resolves once standard output or standard error matches. @throws {Error} when the process ends before */
  seen(pattern: RegExp): Promise<void>;
  /** A line at its standard input, where `types` was asked for. */
  type(line: string): void;
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGUSR2"): void;
  /** Exit code, once all output was read. */
  readonly exited: Promise<number>;
}

export interface CliProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Standard input; it is no terminal. @default none */
  readonly input?: string;
  /** Whether lines come by `type`. @default false */
  readonly types?: boolean;
}

/** Starts it with an environment that holds nothing but what is given and what finds programs. */
export function startCli(args: readonly string[], options: CliProcessOptions = {}): CliProcess {
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([process.execPath, program, ...args], {
    cwd: options.folder ?? process.cwd(),
    env: { PATH, HOME, NO_COLOR: "1", ...options.env },
    stdin:
      options.types === true ? "pipe" : options.input === undefined ? "ignore" : new Blob([options.input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const texts = { out: "", err: "" };
  const watchers = new Set<() => void>();
  const read = async (stream: ReadableStream<Uint8Array>, name: "out" | "err") => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      texts[name] += decoder.decode(chunk, { stream: true });
      for (const look of watchers) look();
    }
  };
  const ended = Promise.all([read(child.stdout, "out"), read(child.stderr, "err")]);
  const exited = ended.then(() => child.exited);
  return {
    output: () => texts.out,
    errors: () => texts.err,
    async seen(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = () => {
        if (pattern.test(texts.out) || pattern.test(texts.err)) resolve();
      };
      watchers.add(look);
      look();
      exited.then((code) => reject(new Error(`It ended with ${code} before ${pattern}: ${texts.err}`)));
      await promise.finally(() => watchers.delete(look));
    },
    type(line) {
      const { stdin } = child;
      if (stdin === undefined || typeof stdin === "number") throw new Error("It does not take lines");
      stdin.write(`${line}\n`);
      stdin.flush();
    },
    kill: (signal) => child.kill(signal),
    exited,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
