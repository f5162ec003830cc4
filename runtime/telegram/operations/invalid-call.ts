import { type MessageId, TelegraphistError } from "../../contract/index.ts";

/** The error of a call whose input cannot be used. @param message action first, as all messages */
export function invalidCall(message: string): TelegraphistError {
  return new TelegraphistError({ code: "CALL_INVALID", category: "INVALID", message });
}

/** @throws {TelegraphistError} `CALL_INVALID` when the value is no whole number from `least` to `most` */
export function requireWhole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidCall(
    `Cannot make the call as "${name}" must be a whole number from ${least} to ${most}: received ${value}`,
  );
}

/** @throws {TelegraphistError} `CALL_INVALID` when the text is shorter or longer, in UTF-16 code units */
export function requireLength(name: string, text: string, least: number, most: number): string {
  if (text.length >= least && text.length <= most) return text;
  throw invalidCall(
    `Cannot make the call as "${name}" must have ${least} to ${most} characters: received ${text.length}`,
  );
}

/**
 * A message's number as Telegram takes it.
 *
 * @throws {TelegraphistError} `CALL_INVALID` when it is no positive 32-bit number
 */
export function messageNumber(id: MessageId): number {
  return requireWhole("messageId", Number(id), 1, 0x7fff_ffff);
}
