import type { Log, LogFields } from "../contract/index.ts";
import type { Connection } from "../wire/index.ts";

export type LineLevel = keyof Log;

/** One line of a plugin's log on its way to the host. */
export interface LogLine {
  readonly level: LineLevel;
  readonly message: string;
  readonly fields?: LogFields;
  /** The delivery in whose handler it was written. */
  readonly within?: number;
  /** Whether it was written by the log that the handler was given. */
  readonly isHandlers?: boolean;
}

/** Lines that may be on their way when the plugin starts; the host gives more as time passes. */
export const firstLineCredit = 1_000;
/** Characters of a line's message. */
export const maxMessageLength = 4_000;
/** Characters of a line's fields as JSON. */
export const maxFieldsLength = 32_000;

/** The log of a plugin, as far as the host takes lines; what is too much is counted, and told once there is room. */
export class LogLines {
  readonly #connection: Pick<Connection, "tell">;
  readonly #delivery: () => number | undefined;
  #credit = firstLineCredit;
  #left = 0;

  /** @param delivery the one in whose handler a line is written */
  constructor(connection: Pick<Connection, "tell">, delivery: () => number | undefined) {
    this.#connection = connection;
    this.#delivery = delivery;
  }

  give(count: number): void {
    this.#credit = Math.min(firstLineCredit, this.#credit + count);
    if (this.#left === 0 || this.#credit === 0) return;
    const lines = this.#left;
    this.#left = 0;
    this.write({ level: "warn", message: "Log lines were left out: there were too many", fields: { lines } });
  }

  write({ level, message, fields, isHandlers }: Omit<LogLine, "within">): void {
    if (this.#credit === 0) {
      this.#left++;
      return;
    }
    this.#credit--;
    const within = this.#delivery();
    const line: LogLine = {
      level,
      message: String(message).slice(0, maxMessageLength),
      ...(fields !== undefined && { fields: plainFields(fields) }),
      ...(within !== undefined && { within }),
      ...(isHandlers === true && { isHandlers }),
    };
    this.#connection.tell("log", line);
  }

  /** @param options.isHandlers whether it is the log that a handler is given. @default false */
  log({ isHandlers = false }: { readonly isHandlers?: boolean } = {}): Log {
    const writer =
      (level: LineLevel) =>
      (message: string, fields?: LogFields): void =>
        this.write({ level, message, ...(fields && { fields }), isHandlers });
    return { debug: writer("debug"), info: writer("info"), warn: writer("warn"), error: writer("error") };
  }
}

/** The fields as JSON has them; an error as its code and message, which JSON has no form for. */
function plainFields(fields: LogFields): LogFields {
  try {
    const text = JSON.stringify(fields, (_, value: unknown) => plainOf(value));
    return text.length > maxFieldsLength ? { cut: `${text.length} characters of fields` } : JSON.parse(text);
  } catch (error) {
    return { unreadable: error instanceof Error ? error.name : typeof error };
  }
}

function plainOf(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (!(value instanceof Error)) return value;
  const code = "code" in value && typeof value.code === "string" ? value.code : value.name;
  return { code, message: value.message };
}
