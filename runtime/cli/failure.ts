import { TelegraphistError } from "../contract/index.ts";
import { UsageError } from "./command.ts";
import type { Terminal } from "./terminal.ts";

/** What a person reads when a command fails: the sentence, the code, and for a defect of ours the stack. */
export function failureText(error: unknown, terminal: Terminal): string {
  const { style } = terminal;
  if (error instanceof UsageError) {
    return `${style.red("error:")} ${error.message}`;
  }
  if (error instanceof TelegraphistError) {
    return `${style.red("error:")} ${error.message} ${style.dim(`(${error.code})`)}`;
  }
  // Why it ends goes before what went wrong while things were closed.
  if (error instanceof SuppressedError) return failureText(error.suppressed, terminal);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${style.red("error:")} Telegraphist met a fault of its own: please report it with these lines\n${style.dim(stack)}`;
}
