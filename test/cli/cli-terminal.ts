import { program } from "./cli-process.ts";

/** `telegraphist` at a terminal of its own; ended by force with the block if it still runs. */
export interface CliTerminal extends AsyncDisposable {
  /** What was shown so far, without colours and movements of the cursor. */
  readonly shown: () => string;
  /** The same with them. */
  readonly raw: () => string;
  /**
   * Resolves with what was shown since the last call, once that matches.
   *
   * @throws {Error} when the process ends before
   */
  seen(pattern: RegExp): Promise<string>;
  /** Types a line and the enter key. */
  type(line: string): void;
  pressCtrlC(): void;
  /** Exit code, once all was shown. */
  readonly exited: Promise<number>;
}

/** Why no terminal can be given; `null` when one can. */
export const noTerminal = "Terminal" in Bun ? null : ": this Bun makes no pseudo-terminals";

export function startAtTerminal(
  args: readonly string[],
  { folder }: { readonly folder: string },
  { cols = 120, rows = 50 }: { readonly cols?: number; readonly rows?: number } = {},
): CliTerminal {
  const { PATH = "", HOME = "" } = process.env;
  const decoder = new TextDecoder();
  const watchers = new Set<() => void>();
  const closed = Promise.withResolvers<void>();
  let raw = "";
  let seenUntil = 0;
  const child = Bun.spawn([process.execPath, program, ...args], {
    cwd: folder,
    env: { PATH, HOME, TERM: "xterm", NO_COLOR: "1" },
    terminal: {
      cols,
      rows,
      data: (_, chunk) => {
        raw += decoder.decode(chunk, { stream: true });
        for (const look of watchers) look();
      },
      exit: () => closed.resolve(),
    },
  });
  const { terminal } = child;
  if (terminal === undefined) throw new Error("The process was given no terminal");
  const exited = Promise.all([child.exited, closed.promise]).then(([code]) => code);
  return {
    shown: () => Bun.stripANSI(raw),
    raw: () => raw,
    async seen(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const look = () => {
        const fresh = Bun.stripANSI(raw.slice(seenUntil));
        if (pattern.test(fresh)) resolve(fresh);
      };
      watchers.add(look);
      look();
      exited.then((code) =>
        reject(new Error(`It ended with ${code} before ${pattern}: ${Bun.stripANSI(raw)}`)),
      );
      const fresh = await promise.finally(() => watchers.delete(look));
      seenUntil = raw.length;
      return fresh;
    },
    type: (line) => void terminal.write(`${line}\r`),
    pressCtrlC: () => void terminal.write("\u0003"),
    exited,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      terminal.close();
    },
  };
}
