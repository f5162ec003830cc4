import { hasCode } from "../contract/index.ts";

/** Where a command writes and what it knows of its surroundings; tests give their own. */
export interface Terminal {
  /** Results, to standard output. */
  out(text: string): void;
  /** What goes on, and what went wrong, to standard error. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths are relative to. */
  readonly folder: string;
  /** Whether a person reads standard output. */
  readonly isInteractive: boolean;
  readonly style: Style;
}

/** Marks on text; each gives the text back as it is where colours are off. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  /** Black on white, whatever the terminal's own colours are. */
  darkOnLight(text: string): string;
}

/**
 * A reader of the output that leaves, as `head` does, ends the program in order, as a signal would. Without this the
 * error that the next line meets would end it in the middle of whatever it does.
 */
function stopWithReader(output: NodeJS.WriteStream): void {
  let hasLeft = false;
  output.on("error", (error) => {
    if (!hasCode(error, "EPIPE")) throw error;
    if (!hasLeft) process.kill(process.pid, "SIGTERM");
    hasLeft = true;
  });
}

/** The process's own terminal. Colours follow `NO_COLOR` and `FORCE_COLOR` (no-color.org). */
export function processTerminal(): Terminal {
  const { env, stdout } = process;
  stopWithReader(stdout);
  const isInteractive = stdout.isTTY === true;
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0";
  const isColored = (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb" && (isInteractive || forced);
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    env,
    folder: process.cwd(),
    isInteractive,
    style: styleOf(isColored),
  };
}

export function styleOf(isColored: boolean): Style {
  const mark = (open: number, close: number) => (text: string) =>
    isColored ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: mark(1, 22),
    dim: mark(2, 22),
    red: mark(31, 39),
    green: mark(32, 39),
    yellow: mark(33, 39),
    cyan: mark(36, 39),
    darkOnLight: (text) => (isColored ? `\u001b[30;107m${text}\u001b[0m` : text),
  };
}
