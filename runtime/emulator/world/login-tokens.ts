import { randomBytes } from "node:crypto";
import { type RpcCall, RpcError } from "../methods/rpc.ts";
import { randomLong } from "./file-store.ts";
import type { PeerId } from "./peer-id.ts";

/** A token that one key shows as a QR code, and another session of the person accepts (core.telegram.org/api/qr-login). */
export interface LoginToken {
  readonly bytes: Uint8Array;
  /** The session that asks for the login. */
  readonly call: RpcCall;
  readonly exceptIds: readonly PeerId[];
  readonly expiresAtS: number;
  /** What the session that it makes is named by. */
  readonly hash: bigint;
  acceptedBy: PeerId | null;
}

const lifetimeS = 30;
const maxTokens = 1000;

/** The login tokens that wait, one for each key that asks. */
export class LoginTokens {
  readonly #byToken = new Map<string, LoginToken>();
  readonly #byKey = new Map<string, LoginToken>();

  /** Makes the one token of a key; the one before it is good for nothing. */
  make(call: RpcCall, exceptIds: readonly PeerId[], nowS: number): LoginToken {
    const former = this.#byKey.get(call.authKeyId);
    if (former !== undefined) this.use(former);
    if (this.#byToken.size >= maxTokens) {
      this.#byToken.clear();
      this.#byKey.clear();
    }
    const token: LoginToken = {
      bytes: new Uint8Array(randomBytes(32)),
      call,
      exceptIds,
      expiresAtS: nowS + lifetimeS,
      hash: randomLong(),
      acceptedBy: null,
    };
    this.#byToken.set(nameOf(token.bytes), token);
    this.#byKey.set(call.authKeyId, token);
    return token;
  }

  /** The key's token, once a person has accepted it in time. */
  acceptedFor(authKeyId: string, nowS: number): (LoginToken & { readonly acceptedBy: PeerId }) | null {
    const token = this.#byKey.get(authKeyId);
    return token !== undefined && isAccepted(token) && token.expiresAtS > nowS ? token : null;
  }

  /** @throws {RpcError} `AUTH_TOKEN_INVALIDX`, `AUTH_TOKEN_EXPIRED`, `AUTH_TOKEN_ALREADY_ACCEPTED`, `AUTH_TOKEN_EXCEPTION` */
  accept(bytes: Uint8Array, userId: PeerId, nowS: number): LoginToken {
    const token = this.#find(bytes, nowS, "AUTH_TOKEN_INVALIDX");
    if (token.acceptedBy !== null) throw new RpcError(400, "AUTH_TOKEN_ALREADY_ACCEPTED");
    if (token.exceptIds.includes(userId)) throw new RpcError(400, "AUTH_TOKEN_EXCEPTION");
    token.acceptedBy = userId;
    return token;
  }

  /** The accepted token that another data centre sent a key here with. @throws {RpcError} as `accept` */
  brought(bytes: Uint8Array, nowS: number): LoginToken & { readonly acceptedBy: PeerId } {
    const token = this.#find(bytes, nowS, "AUTH_TOKEN_INVALID");
    if (!isAccepted(token)) throw new RpcError(400, "AUTH_TOKEN_INVALID");
    return token;
  }

  /** The token has done its work, or has to do it no more. */
  use(token: LoginToken): void {
    this.#byToken.delete(nameOf(token.bytes));
    this.#byKey.delete(token.call.authKeyId);
  }

  #find(bytes: Uint8Array, nowS: number, unknown: string): LoginToken {
    const token = this.#byToken.get(nameOf(bytes));
    if (token === undefined) throw new RpcError(400, unknown);
    if (token.expiresAtS <= nowS) throw new RpcError(400, "AUTH_TOKEN_EXPIRED");
    return token;
  }
}

/** The token of a link, `tg://login?token=` and base64url. @throws {RpcError} `AUTH_TOKEN_INVALIDX` */
export function tokenOfLink(url: string): Uint8Array {
  const token = /^tg:\/\/login\?token=([\w-]+=*)$/.exec(url)?.[1];
  if (token === undefined) throw new RpcError(400, "AUTH_TOKEN_INVALIDX");
  return new Uint8Array(Buffer.from(token, "base64url"));
}

function isAccepted(token: LoginToken): token is LoginToken & { readonly acceptedBy: PeerId } {
  return token.acceptedBy !== null;
}

function nameOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
