import { generatePrimeSync, randomBytes } from "node:crypto";
import { createDhHalf, type DhHalf, dhGenerator, dhPrime } from "../crypto/diffie-hellman.ts";
import { sha1 } from "../crypto/hash.ts";
import { decryptIge, encryptIge } from "../crypto/ige.ts";
import { bigIntOf } from "../crypto/modular.ts";
import type { RsaKey } from "../crypto/rsa-key.ts";
import { openRsaPad, openSha1, openSha1Padding } from "../crypto/rsa-padding.ts";
import type { HandshakeRefusal } from "../methods/wire-port.ts";
import type { TlCodec } from "../tl/codec.ts";
import { TlError } from "../tl/tl-error.ts";
import type { TlObject, TlValue } from "../tl/value.ts";
import { AuthKey } from "./auth-keys.ts";

export interface HandshakeOptions {
  readonly rsaKey: RsaKey;
  readonly dcId: number;
  readonly codec: TlCodec;
  readonly now: () => number;
  readonly onKey: (key: AuthKey) => void;
  /** Asked once for each exchange that would succeed. */
  readonly refusal: () => HandshakeRefusal | null;
}

/** The client broke the handshake's rules; the server says no more than -404. */
export class HandshakeError extends Error {
  override readonly name = "HandshakeError";
}

interface Exchange {
  readonly nonce: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly p: bigint;
  readonly q: bigint;
  /** Set by `req_DH_params`. */
  readonly dh: {
    readonly newNonce: Uint8Array;
    readonly half: DhHalf;
    /** Life of a temporary key; null for a permanent one. */
    readonly expiresInS: number | null;
  } | null;
}

/** The server's side of making an auth key on one connection (core.telegram.org/mtproto/auth_key). */
export class Handshake {
  readonly #options: HandshakeOptions;
  #exchange: Exchange | null = null;

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  /** @throws {HandshakeError | TlError} when the request is not the right one now */
  answer(request: TlObject): TlObject {
    switch (request._) {
      case "req_pq":
      case "req_pq_multi":
        return this.#begin(bytesIn(request, "nonce"));
      case "req_DH_params":
        return this.#exchangeKeys(request);
      case "set_client_DH_params":
        return this.#finish(request);
      default:
        throw new HandshakeError(`Cannot answer "${request._}" without a key`);
    }
  }

  #begin(nonce: Uint8Array): TlObject {
    const [p, q] = twoPrimes();
    const serverNonce = new Uint8Array(randomBytes(16));
    this.#exchange = { nonce, serverNonce, p, q, dh: null };
    return {
      _: "resPQ",
      nonce,
      server_nonce: serverNonce,
      pq: bigEndian(p * q),
      server_public_key_fingerprints: [this.#options.rsaKey.fingerprint],
    };
  }

  #exchangeKeys(request: TlObject): TlObject {
    const exchange = this.#current(request);
    const { nonce, serverNonce, p, q } = exchange;
    if (bigIntIn(request, "p") !== p || bigIntIn(request, "q") !== q) {
      throw new HandshakeError("Cannot go on: p and q are not the factors of pq");
    }
    if (request.public_key_fingerprint !== this.#options.rsaKey.fingerprint) {
      throw new HandshakeError("Cannot go on: the fingerprint is of another key");
    }
    const inner = this.#openInnerData(bytesIn(request, "encrypted_data"));
    this.#current(inner);
    this.#checkDataCentre(inner);
    const newNonce = bytesIn(inner, "new_nonce");
    const half = createDhHalf();
    const expiresInS = inner.expires_in === undefined ? null : Number(inner.expires_in);
    this.#exchange = { ...exchange, dh: { newNonce, half, expiresInS } };

    const answer = this.#options.codec.encode({
      _: "server_DH_inner_data",
      nonce,
      server_nonce: serverNonce,
      g: dhGenerator,
      dh_prime: dhPrime,
      g_a: half.publicBytes,
      server_time: Math.floor(this.#options.now() / 1000),
    });
    const padding = randomBytes(-(20 + answer.length) & 15);
    const { key, iv } = temporaryKey(newNonce, serverNonce);
    const encrypted = encryptIge(Buffer.concat([sha1(answer), answer, padding]), key, iv);
    return { _: "server_DH_params_ok", nonce, server_nonce: serverNonce, encrypted_answer: encrypted };
  }

  #finish(request: TlObject): TlObject {
    const { nonce, serverNonce, dh } = this.#current(request);
    if (dh === null) throw new HandshakeError("Cannot finish: no parameters were asked for");
    const { key, iv } = temporaryKey(dh.newNonce, serverNonce);
    const encrypted = bytesIn(request, "encrypted_data");
    if (encrypted.length === 0 || encrypted.length % 16 !== 0) {
      throw new HandshakeError(`Cannot finish: encrypted_data has ${encrypted.length} bytes`);
    }
    const opened = decryptIge(encrypted, key, iv);
    const data = openSha1(opened, (bytes) => this.#lengthOf(bytes));
    if (data === null) throw new HandshakeError("Cannot finish: the client's data has another hash");
    const inner = this.#options.codec.decode(data);
    if (inner._ !== "client_DH_inner_data") throw new HandshakeError(`Cannot finish by "${inner._}"`);
    this.#current(inner);
    const shared = dh.half.sharedKey(bytesIn(inner, "g_b"));
    if (shared === null) throw new HandshakeError("Cannot finish: g_b is out of range");

    const firstSalt = longAt(dh.newNonce) ^ longAt(serverNonce);
    const nowMs = this.#options.now();
    const expiresAtMs = dh.expiresInS === null ? null : nowMs + dh.expiresInS * 1000;
    const authKey = new AuthKey({ bytes: shared, dcId: this.#options.dcId, firstSalt, nowMs, expiresAtMs });
    const hashOf = (number: number) =>
      sha1(dh.newNonce, Uint8Array.of(number), authKey.auxiliaryHash).subarray(4);
    switch (this.#options.refusal()) {
      case "retry":
        return { _: "dh_gen_retry", nonce, server_nonce: serverNonce, new_nonce_hash2: hashOf(2) };
      case "fail":
        this.#exchange = null;
        return { _: "dh_gen_fail", nonce, server_nonce: serverNonce, new_nonce_hash3: hashOf(3) };
      case null:
        this.#options.onKey(authKey);
        this.#exchange = null;
        return { _: "dh_gen_ok", nonce, server_nonce: serverNonce, new_nonce_hash1: hashOf(1) };
    }
  }

  /** The exchange that the nonces of this object belong to. */
  #current(object: TlObject): Exchange {
    const exchange = this.#exchange;
    if (
      exchange === null ||
      Buffer.compare(bytesIn(object, "nonce"), exchange.nonce) !== 0 ||
      Buffer.compare(bytesIn(object, "server_nonce"), exchange.serverNonce) !== 0
    ) {
      throw new HandshakeError(`Cannot take "${object._}": its nonces are not of this exchange`);
    }
    return exchange;
  }

  #openInnerData(encrypted: Uint8Array): TlObject {
    const block = this.#decrypted(encrypted);
    const data = openRsaPad(block) ?? openSha1Padding(block, (bytes) => this.#lengthOf(bytes));
    if (data === null) throw new HandshakeError("Cannot go on: encrypted_data has no known padding");
    const inner = this.#options.codec.decode(data);
    if (!inner._.startsWith("p_q_inner_data")) throw new HandshakeError(`Cannot go on by "${inner._}"`);
    return inner;
  }

  #decrypted(block: Uint8Array): Uint8Array {
    try {
      return this.#options.rsaKey.decrypt(block);
    } catch (cause) {
      throw new HandshakeError("Cannot go on: encrypted_data is no block of this key", { cause });
    }
  }

  /** Media data centres are named by a negative id, those of the test servers by 10000 more. */
  #checkDataCentre(inner: TlObject): void {
    const dc = inner.dc;
    if (dc !== undefined && Math.abs(Number(dc)) % 10_000 !== this.#options.dcId) {
      throw new HandshakeError(`Cannot go on: the client wants data centre ${Number(dc)}`);
    }
  }

  /** 0 when the bytes hold no object, so that no hash fits. */
  #lengthOf(bytes: Uint8Array): number {
    try {
      return this.#options.codec.lengthOf(bytes);
    } catch (error) {
      if (error instanceof TlError) return 0;
      throw error;
    }
  }
}

function temporaryKey(newNonce: Uint8Array, serverNonce: Uint8Array) {
  const a = sha1(newNonce, serverNonce);
  const b = sha1(serverNonce, newNonce);
  const c = sha1(newNonce, newNonce);
  return {
    key: Buffer.concat([a, b.subarray(0, 12)]),
    iv: Buffer.concat([b.subarray(12), c, newNonce.subarray(0, 4)]),
  };
}

/** Two different primes of 31 bits, the smaller first, as the client has to find them. */
function twoPrimes(): [bigint, bigint] {
  for (;;) {
    const a = generatePrimeSync(31, { bigint: true });
    const b = generatePrimeSync(31, { bigint: true });
    if (a !== b) return a < b ? [a, b] : [b, a];
  }
}

function bigEndian(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

function bigIntIn(object: TlObject, field: string): bigint {
  return bigIntOf(bytesIn(object, field));
}

function bytesIn(object: TlObject, field: string): Uint8Array {
  const value: TlValue | undefined = object[field];
  if (!(value instanceof Uint8Array)) throw new HandshakeError(`Cannot read "${object._}": no ${field}`);
  return value;
}

function longAt(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
}
