import { styleOf, type Terminal } from "../../runtime/cli/index.ts";

/** A terminal without colours that keeps what is written. */
export interface RecordedTerminal extends Terminal {
  /** All of standard output. */
  readonly output: () => string;
  /** All of standard error. */
  readonly errors: () => string;
}

export function recordedTerminal({
  env = {},
  folder = "/",
}: {
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
} = {}): RecordedTerminal {
  const out: string[] = [];
  const err: string[] = [];
  return {
    out: (text) => void out.push(`${text}\n`),
    err: (text) => void err.push(`${text}\n`),
    output: () => out.join(""),
    errors: () => err.join(""),
    env,
    folder,
    isInteractive: false,
    style: styleOf(false),
  };
}
