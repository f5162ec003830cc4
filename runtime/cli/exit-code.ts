/** What the process ends with; the names stand in `telegraphist --help`. */
export const exitCodes = {
  ok: 0,
  /** The command ran and did not reach its end. */
  failed: 1,
  /** The command line cannot be read. */
  usage: 2,
  /** `plan` found something that would change. */
  changes: 2,
  /** Stopped by Ctrl-C before the end. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
