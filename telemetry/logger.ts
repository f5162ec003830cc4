import { context, trace } from "@opentelemetry/api";
import pino from "pino";
import { prettyFactory } from "pino-pretty";
import type { ErrorTracker } from "./error-tracker.ts";
import { redactedFields, redactedText } from "./redaction.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** A room's log; fields are plain values, secrets in them are masked. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** A logger whose lines all carry these fields. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

/** The first logger of a program: its level is that of every child, also of those made before. */
export interface RootLogger extends Logger {
  level(): LogLevel;
  setLevel(level: LogLevel): void;
}

export interface LoggerOptions {
  /** @default "info" */
  readonly level?: LogLevel;
  /** `auto` is `pretty` on a terminal and `json` elsewhere. @default "auto" */
  readonly format?: "auto" | "pretty" | "json";
  /** Takes each line, its end included. @default standard error */
  readonly write?: (line: string) => void;
  /** Is told of every line of level `error`, whatever the level of the log. */
  readonly errors?: ErrorTracker;
}

const levels: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

/** Makes a logger that writes one JSON object a line, or a coloured line for people, with the active trace's ids. */
export function createLogger(options: LoggerOptions = {}): RootLogger {
  const { write = (line) => void process.stderr.write(line), errors } = options;
  const onTerminal = options.write === undefined && process.stderr.isTTY === true;
  const { format = "auto" } = options;
  const pretty = format === "pretty" || (format === "auto" && onTerminal);
  let level = options.level ?? "info";
  const inner = pino(
    {
      level: "debug",
      base: null,
      messageKey: "message",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: traceFields,
    },
    { write: pretty ? prettyWriter(write, onTerminal) : write },
  );
  // pino copies the level into each child; one threshold for all is asked here instead, before anything is redacted.
  const isOn = (asked: LogLevel) => levels[asked] >= levels[level];
  return {
    ...wrap(inner, isOn, errors),
    level: () => level,
    setLevel: (next) => {
      level = next;
    },
  };
}

function wrap(inner: pino.Logger, isOn: (level: LogLevel) => boolean, errors?: ErrorTracker): Logger {
  const writer =
    (level: LogLevel) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      if (level === "error") errors?.record(message, fields);
      if (isOn(level)) inner[level](redactedFields(fields), redactedText(message));
    };
  return {
    debug: writer("debug"),
    info: writer("info"),
    warn: writer("warn"),
    error: writer("error"),
    child: (fields) => wrap(inner.child(redactedFields(fields)), isOn, errors),
  };
}

function traceFields(): Record<string, string> {
  const active = trace.getSpanContext(context.active());
  return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
}

function prettyWriter(write: (line: string) => void, colorize: boolean): (line: string) => void {
  const prettified = prettyFactory({
    colorize,
    messageKey: "message",
    translateTime: "SYS:HH:MM:ss.l",
    ignore: "trace_id,span_id",
    singleLine: true,
  });
  return (line) => write(prettified(line));
}
