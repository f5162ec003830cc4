import type { TlCodec } from "../tl/codec.ts";
import { TlReader } from "../tl/tl-reader.ts";
import type { TlObject } from "../tl/value.ts";
import { constructorIdOf } from "./packing.ts";

/** A call out of its `invoke…` wrappers. */
export interface Unwrapped {
  readonly call: TlObject;
  readonly layer: number | null;
  readonly initConnection: TlObject | null;
  readonly withoutUpdates: boolean;
  /** Messages that have to be done first. */
  readonly after: readonly bigint[];
}

const invokeWithLayerId = 0xda9b0d0d;
const invokeWithoutUpdatesId = 0xbf9459b7;
const invokeAfterMsgId = 0xcb9f372d;

/** The layer that a call names, read before it is decoded, as the layer says how to; null when it names none. */
export function layerNamedBy(body: Uint8Array): number | null {
  let rest = body;
  for (;;) {
    switch (constructorIdOf(rest)) {
      case invokeWithLayerId:
        return rest.length < 8 ? null : new TlReader(rest.subarray(4)).int();
      case invokeWithoutUpdatesId:
        rest = rest.subarray(4);
        break;
      case invokeAfterMsgId:
        rest = rest.subarray(12);
        break;
      default:
        return null;
    }
  }
}

/** @throws {TlError} when the body does not fit the codec's schema */
export function unwrap(codec: TlCodec, body: Uint8Array): Unwrapped {
  let call = codec.decode(body);
  let layer: number | null = null;
  let initConnection: TlObject | null = null;
  let withoutUpdates = false;
  const after: bigint[] = [];
  for (;;) {
    const query = call.query;
    if (!isWrapper(call._) || !isObject(query)) {
      return { call, layer, initConnection, withoutUpdates, after };
    }
    if (call._ === "invokeWithLayer") layer = Number(call.layer);
    else if (call._ === "initConnection") initConnection = call;
    else if (call._ === "invokeWithoutUpdates") withoutUpdates = true;
    else if (call._ === "invokeAfterMsg") after.push(...longs([call.msg_id]));
    else if (call._ === "invokeAfterMsgs") after.push(...longs(call.msg_ids));
    call = query;
  }
}

function isWrapper(name: string): boolean {
  return name === "initConnection" || name.startsWith("invoke");
}

function isObject(value: unknown): value is TlObject {
  return typeof value === "object" && value !== null && "_" in value;
}

function longs(value: unknown): bigint[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "bigint") : [];
}
