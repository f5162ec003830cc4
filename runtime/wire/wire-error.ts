import { TelegraphistError } from "../contract/index.ts";

/** Why a connection cannot go on: the other side does not keep to the protocol, or is gone. */
export type WireCode =
  | "WIRE_MALFORMED"
  | "WIRE_TOO_LARGE"
  | "WIRE_OUT_OF_TURN"
  | "WIRE_CREDIT_EXCEEDED"
  | "WIRE_CLOSED";

/** @param reason state after the colon; never anything that was in a message */
export function wireError(code: WireCode, reason: string): TelegraphistError {
  return new TelegraphistError({
    code,
    category: "PLUGIN",
    message: `Cannot go on with the plugin's process: ${reason}`,
  });
}
