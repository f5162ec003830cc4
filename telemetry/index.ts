export type { Logger, LoggerOptions, LogLevel } from "./logger.ts";
export { createLogger } from "./logger.ts";
export { instruments } from "./metrics.ts";
export { attributeNames, spanNames } from "./names.ts";
export { redactedFields, redactedText } from "./redaction.ts";
export type { ActiveSpan, Attributes, SpanOptions } from "./trace.ts";
export { currentTraceparent, errorTypeOf, span } from "./trace.ts";
