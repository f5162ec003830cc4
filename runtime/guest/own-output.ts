import { format } from "node:util";
import type { LineLevel, LogLines } from "./log-lines.ts";

const levels = {
  debug: "debug",
  log: "info",
  info: "info",
  warn: "warn",
  error: "error",
  trace: "debug",
} as const;

/**
 * Makes log lines of what a plugin prints: standard output carries frames, and a print among them would break them.
 *
 * @param own the console and the streams of this process
 */
export function turnOutputIntoLines(
  lines: LogLines,
  own: {
    readonly console: Console;
    readonly stdout: NodeJS.WriteStream;
    readonly stderr: NodeJS.WriteStream;
  },
): void {
  const write = (level: LineLevel, text: string): void => {
    for (const message of text.split("\n")) if (message.trim() !== "") lines.write({ level, message });
  };
  for (const [name, level] of Object.entries(levels)) {
    Object.assign(own.console, { [name]: (...values: unknown[]) => write(level, format(...values)) });
  }
  const streamWriter =
    (level: LineLevel) =>
    (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      write(level, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      const done = rest.at(-1);
      if (typeof done === "function") queueMicrotask(() => done());
      return true;
    };
  own.stdout.write = streamWriter("info");
  own.stderr.write = streamWriter("warn");
}
