import type { Log } from "../contract/index.ts";
import { firstLineCredit, type LineLevel, maxFieldsLength, maxMessageLength } from "../guest/index.ts";
import { isPlainJson, isRecord, wireError } from "../wire/index.ts";

/** Lines that a plugin may write in a second when it writes on and on. */
const linesPerSecond = 100;
const levels: ReadonlySet<unknown> = new Set<LineLevel>(["debug", "info", "warn", "error"]);

/** Takes the log lines that a plugin's process tells, no more than it was given credit for. */
export class GuestLog {
  #credit = firstLineCredit;

  /**
   * @param logOf the log of a delivery, the handler's own or the plugin's
   * @throws {TelegraphistError} `WIRE_MALFORMED`, `WIRE_TOO_LARGE`, `WIRE_CREDIT_EXCEEDED`
   */
  take(told: unknown, logOf: (within: number | null, isHandlers: boolean) => Log): void {
    if (this.#credit === 0) throw wireError("WIRE_CREDIT_EXCEEDED", "it wrote more log lines than it may");
    this.#credit--;
    if (!isRecord(told)) throw malformed();
    const { level, message, fields, within, isHandlers } = told;
    if (!isLevel(level) || typeof message !== "string") throw malformed();
    if (fields !== undefined && !(isRecord(fields) && isPlainJson(fields))) throw malformed();
    if (message.length > maxMessageLength || lengthOf(fields) > maxFieldsLength) {
      throw wireError("WIRE_TOO_LARGE", "a log line is longer than any may be");
    }
    logOf(typeof within === "number" ? within : null, isHandlers === true)[level](message, fields);
  }

  /** How many lines more the plugin may write since so much time has passed; they are its own from now on. */
  give(passedMs: number): number {
    const before = this.#credit;
    this.#credit = Math.min(firstLineCredit, before + Math.floor((passedMs / 1_000) * linesPerSecond));
    return this.#credit - before;
  }
}

function lengthOf(fields: unknown): number {
  return fields === undefined ? 0 : JSON.stringify(fields).length;
}

function isLevel(value: unknown): value is LineLevel {
  return levels.has(value);
}

function malformed() {
  return wireError("WIRE_MALFORMED", "a log line has not the form of one");
}
