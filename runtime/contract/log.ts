/** Plain values beside a log line; secrets are redacted, yet should not be put here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A plugin's log: lines carry its name, the account, and the trace they were written in. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
