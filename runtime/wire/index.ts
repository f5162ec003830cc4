export {
  Connection,
  type ConnectionOptions,
  maxCalls,
  type OutgoingCallOptions,
  type Reply,
} from "./connection.ts";
export { errorFromRecord, errorRecordOf } from "./error-record.ts";
export {
  encodeFrame,
  type Frame,
  type FrameBounds,
  FrameReader,
  guestFrameBounds,
  hostFrameBounds,
} from "./frame.ts";
export type { ByteSink } from "./frame-writer.ts";
export { IncomingCall } from "./incoming-call.ts";
export { type Message, readMessage } from "./message.ts";
export { isPlainJson, isRecord } from "./plain-json.ts";
export { isTelegramMethod, readTelegramParameters, telegramParameters } from "./telegram-calls.ts";
export { type WireCode, wireError } from "./wire-error.ts";
