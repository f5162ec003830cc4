import { randomBytes } from "node:crypto";
import { type RpcCall, RpcError } from "../methods/rpc.ts";
import { randomLong } from "./file-store.ts";
import type { PeerId } from "./peer-id.ts";

/** An auth key that is signed in. */
export interface Authorization {
  readonly authKeyId: string;
  readonly userId: PeerId;
  readonly dataCentreId: number;
  readonly hash: bigint;
  /** Brought from the home data centre for files; not a session of its own. */
  readonly isImported: boolean;
  readonly createdAtS: number;
  readonly client: RpcCall["client"];
  activeAtS: number;
}

const maxExports = 1000;

/** Which auth key speaks for whom. */
export class Authorizations {
  readonly #byKey = new Map<string, Authorization>();
  readonly #byUser = new Map<PeerId, Map<string, Authorization>>();
  /** Keys that gave the right code and still owe the password. */
  readonly #passwordPending = new Map<string, PeerId>();
  readonly #revoked = new Set<string>();
  readonly #exports = new Map<string, { readonly userId: PeerId; readonly dataCentreId: number }>();

  /** @throws {RpcError} 401 when the key is not signed in */
  require(call: RpcCall, nowS: number): Authorization {
    const authorization = this.#byKey.get(call.authKeyId);
    if (authorization !== undefined) {
      authorization.activeAtS = nowS;
      return authorization;
    }
    if (this.#passwordPending.has(call.authKeyId)) throw new RpcError(401, "SESSION_PASSWORD_NEEDED");
    throw new RpcError(401, this.#revoked.has(call.authKeyId) ? "SESSION_REVOKED" : "AUTH_KEY_UNREGISTERED");
  }

  of(authKeyId: string): Authorization | undefined {
    return this.#byKey.get(authKeyId);
  }

  userOf(authKeyId: string): PeerId | undefined {
    return this.#byKey.get(authKeyId)?.userId;
  }

  add(
    call: RpcCall,
    userId: PeerId,
    nowS: number,
    { hash = randomLong(), isImported = false }: Partial<Pick<Authorization, "hash" | "isImported">> = {},
  ): Authorization {
    this.remove(call.authKeyId);
    this.#revoked.delete(call.authKeyId);
    this.#passwordPending.delete(call.authKeyId);
    const authorization: Authorization = {
      authKeyId: call.authKeyId,
      userId,
      dataCentreId: call.dcId,
      hash,
      isImported,
      createdAtS: nowS,
      client: call.client,
      activeAtS: nowS,
    };
    this.#byKey.set(call.authKeyId, authorization);
    let ofUser = this.#byUser.get(userId);
    if (ofUser === undefined) {
      ofUser = new Map();
      this.#byUser.set(userId, ofUser);
    }
    ofUser.set(call.authKeyId, authorization);
    return authorization;
  }

  remove(authKeyId: string): void {
    const authorization = this.#byKey.get(authKeyId);
    if (authorization === undefined) return;
    this.#byKey.delete(authKeyId);
    this.#byUser.get(authorization.userId)?.delete(authKeyId);
  }

  /** As `remove()`, and the key hears `SESSION_REVOKED` from then on. */
  revoke(authKeyId: string): void {
    this.remove(authKeyId);
    this.#revoked.add(authKeyId);
  }

  /** Those of one person, or of everyone. */
  *list(userId?: PeerId): Iterable<Authorization> {
    yield* (userId === undefined ? this.#byKey : (this.#byUser.get(userId) ?? new Map())).values();
  }

  /** Whether any key of the person could take a push. */
  hasKeys(userId: PeerId): boolean {
    return (this.#byUser.get(userId)?.size ?? 0) > 0;
  }

  awaitPassword(authKeyId: string, userId: PeerId): void {
    this.#passwordPending.set(authKeyId, userId);
  }

  passwordPendingFor(authKeyId: string): PeerId | undefined {
    return this.#passwordPending.get(authKeyId);
  }

  /** Makes a token with which a key of another data centre signs in as the person. */
  export(userId: PeerId, dataCentreId: number): Uint8Array {
    if (this.#exports.size >= maxExports) this.#exports.clear();
    const token = new Uint8Array(randomBytes(32));
    this.#exports.set(Buffer.from(token).toString("hex"), { userId, dataCentreId });
    return token;
  }

  /** @throws {RpcError} `AUTH_BYTES_INVALID` unless the token was exported for that person and data centre, once */
  import(call: RpcCall, userId: PeerId, token: Uint8Array, nowS: number): Authorization {
    const key = Buffer.from(token).toString("hex");
    const exported = this.#exports.get(key);
    this.#exports.delete(key);
    if (exported?.userId !== userId || exported.dataCentreId !== call.dcId) {
      throw new RpcError(400, "AUTH_BYTES_INVALID");
    }
    return this.add(call, userId, nowS, { isImported: true });
  }
}
