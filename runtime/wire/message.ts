import type { TelegraphistError } from "../contract/index.ts";
import { isRecord } from "./plain-json.ts";
import { wireError } from "./wire-error.ts";

/** What either side sends. Calls are numbered by their sender from 1 in turn, and each is answered once. */
export type Message =
  | {
      readonly type: "call";
      readonly id: number;
      readonly method: string;
      readonly params: readonly unknown[];
      /** The call of the other side in which this one is made: a handler's. */
      readonly within?: number;
      /** Whether the caller wants to be told how it goes. */
      readonly progress?: boolean;
    }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "failure"; readonly id: number; readonly error: unknown }
  | { readonly type: "progress"; readonly id: number; readonly value: unknown }
  /** The caller waits no longer; the call is answered all the same. */
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "tell"; readonly topic: string; readonly value: unknown };

/**
 * The message of a frame: its own fields have their types, what `params`, `value`, and `error` hold has not.
 *
 * @throws {TelegraphistError} `WIRE_MALFORMED`
 */
export function readMessage(json: unknown): Message {
  if (!isRecord(json)) throw malformed();
  if (json.type === "tell") {
    if (typeof json.topic !== "string") throw malformed();
    return { type: "tell", topic: json.topic, value: json.value };
  }
  const { id } = json;
  if (!isId(id)) throw malformed();
  switch (json.type) {
    case "call":
      return readCall(id, json);
    case "answer":
    case "progress":
      return { type: json.type, id, value: json.value };
    case "failure":
      return { type: "failure", id, error: json.error };
    case "cancel":
      return { type: "cancel", id };
    default:
      throw malformed();
  }
}

function readCall(
  id: number,
  { method, params, within, progress }: Readonly<Record<string, unknown>>,
): Message {
  if (typeof method !== "string" || !Array.isArray(params)) throw malformed();
  if (within !== undefined && !isId(within)) throw malformed();
  return {
    type: "call",
    id,
    method,
    params,
    ...(within !== undefined && { within }),
    progress: progress === true,
  };
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function malformed(): TelegraphistError {
  return wireError("WIRE_MALFORMED", "a message has not the form of any");
}
