import { sha1 } from "../crypto/hash.ts";
import type { RpcCall } from "../methods/rpc.ts";
import { Salts } from "./salts.ts";

/** What a client said of itself by `initConnection`. */
export type ClientInfo = Omit<RpcCall["client"], "ip">;

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
  client: ClientInfo = { apiId: 0, deviceModel: "", systemVersion: "", appVersion: "" };

  constructor(bytes: Uint8Array, dcId: number, firstSalt: bigint, nowMs: number) {
    this.bytes = bytes;
    this.idBytes = authKeyIdOf(bytes);
    this.id = Buffer.from(this.idBytes).toString("hex");
    this.dcId = dcId;
    this.salts = new Salts(firstSalt, nowMs);
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

  add(key: AuthKey): void {
    this.#keys.set(key.id, key);
  }

  get(id: string): AuthKey | undefined {
    return this.#keys.get(id);
  }

  delete(id: string): boolean {
    return this.#keys.delete(id);
  }
}
