import { sha1 } from "../crypto/hash.ts";
import type { RpcCall } from "../methods/rpc.ts";
import { Salts } from "./salts.ts";

/** What a client said of itself by `initConnection`. */
export type ClientInfo = Omit<RpcCall["client"], "ip">;

export interface NewAuthKey {
  readonly bytes: Uint8Array;
  readonly dcId: number;
  readonly firstSalt: bigint;
  readonly nowMs: number;
  /** @default null, a permanent key */
  readonly expiresAtMs?: number | null;
}

/** A key that a client and one data centre share. */
export class AuthKey {
  /** 16 hex digits of the key's id, in the order of its bytes. */
  readonly id: string;
  readonly idBytes: Uint8Array;
  readonly bytes: Uint8Array;
  readonly dcId: number;
  readonly salts: Salts;
  /** What the client last said by `invokeWithLayer` and `initConnection`; a later session need not say it again. */
  layer = 0;
  /** When a temporary key ends; null for a permanent one. */
  readonly expiresAtMs: number | null;
  /** The permanent key that a temporary one was bound to. */
  #permanent: AuthKey | null = null;
  client: ClientInfo = { apiId: 0, deviceModel: "", systemVersion: "", appVersion: "" };

  constructor({ bytes, dcId, firstSalt, nowMs, expiresAtMs = null }: NewAuthKey) {
    this.bytes = bytes;
    this.idBytes = authKeyIdOf(bytes);
    this.id = Buffer.from(this.idBytes).toString("hex");
    this.dcId = dcId;
    this.salts = new Salts(firstSalt, nowMs);
    this.expiresAtMs = expiresAtMs;
  }

  /** The key that is signed in: itself, or what it was bound to; null for a temporary one that was not bound. */
  get permanent(): AuthKey | null {
    return this.expiresAtMs === null ? this : this.#permanent;
  }

  hasExpired(nowMs: number): boolean {
    return this.expiresAtMs !== null && nowMs >= this.expiresAtMs;
  }

  bindTo(permanent: AuthKey): void {
    this.#permanent = permanent;
  }

  /** The first bytes of the key's hash, by which the handshake proves the key. */
  get auxiliaryHash(): Uint8Array {
    return sha1(this.bytes).subarray(0, 8);
  }
}

/** The low 8 bytes of the key's SHA-1. */
function authKeyIdOf(bytes: Uint8Array): Uint8Array {
  return sha1(bytes).subarray(12);
}

/** The keys of all data centres; each is good in the data centre that it was made in. */
export class AuthKeys {
  readonly #keys = new Map<string, AuthKey>();
  /** Temporary keys by the permanent one that they were bound to. */
  readonly #bound = new Map<string, Set<AuthKey>>();

  add(key: AuthKey): void {
    this.#keys.set(key.id, key);
  }

  get(id: string): AuthKey | undefined {
    return this.#keys.get(id);
  }

  bind(temporary: AuthKey, permanent: AuthKey): void {
    temporary.bindTo(permanent);
    const bound = this.#bound.get(permanent.id) ?? new Set();
    this.#bound.set(permanent.id, bound.add(temporary));
  }

  /** The permanent key of that id and those that speak for it. */
  *speakingFor(id: string): Iterable<AuthKey> {
    const permanent = this.#keys.get(id);
    if (permanent === undefined) return;
    yield permanent;
    yield* this.#bound.get(id) ?? [];
  }

  delete(id: string): void {
    for (const key of this.#bound.get(id) ?? []) this.#keys.delete(key.id);
    this.#bound.delete(id);
    this.#keys.delete(id);
  }
}
