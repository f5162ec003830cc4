import { context, trace } from "@opentelemetry/api";
import pino from "pino";
import { redactedFields } from "./redaction.ts";

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

export interface LoggerOptions {
  /** @default "info" */
  readonly level?: LogLevel;
  /** Where JSON lines go. @default standard error */
  readonly write?: (line: string) => void;
}

/** Makes a logger that writes one JSON object a line, with the active trace's ids. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = "info", write = (line) => void process.stderr.write(line) } = options;
  return wrap(
    pino(
      {
        level,
        base: null,
        messageKey: "message",
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        mixin: () => {
          const active = trace.getSpanContext(context.active());
          return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
        },
      },
      { write },
    ),
  );
}

function wrap(inner: pino.Logger): Logger {
  return {
    debug: (message, fields = {}) => inner.debug(redactedFields(fields), message),
    info: (message, fields = {}) => inner.info(redactedFields(fields), message),
    warn: (message, fields = {}) => inner.warn(redactedFields(fields), message),
    error: (message, fields = {}) => inner.error(redactedFields(fields), message),
    child: (fields) => wrap(inner.child(redactedFields(fields))),
  };
}
