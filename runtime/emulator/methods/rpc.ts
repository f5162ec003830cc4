import type { TlObject, TlValue } from "../tl/value.ts";

/** An error that a method answers with: `400 PHONE_NUMBER_INVALID`, `420 FLOOD_WAIT_5`. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly errorCode: number;
  readonly errorMessage: string;

  constructor(errorCode: number, errorMessage: string) {
    super(`${errorCode} ${errorMessage}`);
    this.errorCode = errorCode;
    this.errorMessage = errorMessage;
  }
}

/** The connection is cut before a call is carried out, or before its answer is sent. */
export type LostCall = "drop-connection" | "drop-answer";

/** What a method knows of its caller. Made by the MTProto layer for each call. */
export interface RpcCall {
  /** The permanent auth key that the call came over, as 16 hex digits of its id. */
  readonly authKeyId: string;
  /** The MTProto session within that key, as 16 hex digits. */
  readonly sessionId: string;
  readonly dcId: number;
  /** The layer that the client named by `invokeWithLayer`; answers are encoded for it. */
  readonly layer: number;
  /** From `initConnection`; empty strings before it. */
  readonly client: {
    readonly apiId: number;
    readonly deviceModel: string;
    readonly systemVersion: string;
    readonly appVersion: string;
    readonly ip: string;
  };
  /** Wrapped by `invokeWithoutUpdates`: this connection wants no pushes. */
  readonly withoutUpdates: boolean;
}

/** Answers one method of the schema; what it throws beside `RpcError` becomes `500 INTERNAL`. */
export type RpcHandler = (request: TlObject, call: RpcCall) => TlValue | Promise<TlValue>;

/** Methods by their full TL name, such as `messages.sendMessage`. */
export type RpcHandlers = Readonly<Record<string, RpcHandler>>;

/**
 * What the MTProto layer offers to the world behind the methods. An auth key is bound to a user by the methods (login),
 * so pushes are addressed by key; the layer sends to every live session of the key that takes updates.
 */
export interface PushPort {
  /**
   * Sends an `Updates` object, or bytes in its place, to the sessions of one auth key, save one session. Returns how many
   * it was written to.
   */
  push(
    authKeyId: string,
    updates: TlObject | Uint8Array,
    options?: { readonly exceptSessionId?: string },
  ): number;
  /** Cuts every connection of the key. */
  disconnect(authKeyId: string): void;
  /** The next message on the key is answered by transport error -404, as for a key that was destroyed. */
  destroyKey(authKeyId: string): void;
}
