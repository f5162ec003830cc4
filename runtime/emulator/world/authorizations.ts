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
  /** The key that logged in: this one, or the one whose session was brought to this one's data centre. */
  readonly sessionKeyId: string;
  readonly createdAtS: number;
  readonly client: RpcCall["client"];
  activeAtS: number;
}

interface Exported {
  readonly sessionKeyId: string;
  readonly userId: PeerId;
  readonly dataCentreId: number;
}

const maxExports = 1000;

/** Whether a key was brought in from another data centre; it is no session of its own. */
export function isImported({ authKeyId, sessionKeyId }: Authorization): boolean {
  return authKeyId !== sessionKeyId;
}

/** Which auth key speaks for whom. A session is the key that logged in and those that it was brought to, and ends as one. */
export class Authorizations {
  readonly #byKey = new Map<string, Authorization>();
  readonly #byUser = new Map<PeerId, Map<string, Authorization>>();
  /** Keys that gave the right code and still owe the password. */
  readonly #passwordPending = new Map<string, PeerId>();
  readonly #revoked = new Set<string>();
  readonly #exports = new Map<string, Exported>();

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
    { hash = randomLong() }: Partial<Pick<Authorization, "hash">> = {},
  ): Authorization {
    this.#free(call.authKeyId);
    return this.#put(call, { userId, hash, sessionKeyId: call.authKeyId }, nowS);
  }

  /** Ends the session of a key. */
  remove(authKeyId: string): void {
    for (const each of this.#sessionOf(authKeyId)) this.#forget(each);
  }

  /** As `remove()`, and the session's keys hear `SESSION_REVOKED` from then on. */
  revoke(authKeyId: string): void {
    this.#revoked.add(authKeyId);
    for (const each of this.#sessionOf(authKeyId)) {
      this.#forget(each);
      this.#revoked.add(each.authKeyId);
    }
  }

  /** Those of one person, or of everyone. */
  *list(userId?: PeerId): Iterable<Authorization> {
    yield* (userId === undefined ? this.#byKey : (this.#byUser.get(userId) ?? new Map())).values();
  }

  #put(
    call: RpcCall,
    whose: Pick<Authorization, "userId" | "hash" | "sessionKeyId">,
    nowS: number,
  ): Authorization {
    const { userId } = whose;
    this.#revoked.delete(call.authKeyId);
    this.#passwordPending.delete(call.authKeyId);
    const authorization: Authorization = {
      ...whose,
      authKeyId: call.authKeyId,
      dataCentreId: call.dcId,
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

  /** The key speaks for nobody any more; the session that it was brought from goes on. */
  #free(authKeyId: string): void {
    const former = this.#byKey.get(authKeyId);
    if (former !== undefined && isImported(former)) this.#forget(former);
    else this.remove(authKeyId);
  }

  #sessionOf(authKeyId: string): readonly Authorization[] {
    const authorization = this.#byKey.get(authKeyId);
    if (authorization === undefined) return [];
    const { sessionKeyId, userId } = authorization;
    return [...this.list(userId)].filter((each) => each.sessionKeyId === sessionKeyId);
  }

  #forget({ authKeyId, userId }: Authorization): void {
    this.#byKey.delete(authKeyId);
    this.#byUser.get(userId)?.delete(authKeyId);
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

  /** Makes a token with which a key of another data centre joins the session. */
  export({ sessionKeyId, userId }: Authorization, dataCentreId: number): Uint8Array {
    if (this.#exports.size >= maxExports) this.#exports.clear();
    const token = new Uint8Array(randomBytes(32));
    this.#exports.set(Buffer.from(token).toString("hex"), { sessionKeyId, userId, dataCentreId });
    return token;
  }

  /**
   * @throws {RpcError} `AUTH_BYTES_INVALID` unless the token was exported for that person and data centre, once, by a
   * session that goes on
   */
  import(call: RpcCall, userId: PeerId, token: Uint8Array, nowS: number): Authorization {
    const name = Buffer.from(token).toString("hex");
    const exported = this.#exports.get(name);
    this.#exports.delete(name);
    const isFitting = exported?.userId === userId && exported.dataCentreId === call.dcId;
    const [session] = isFitting ? this.#sessionOf(exported.sessionKeyId) : [];
    if (session === undefined) throw new RpcError(400, "AUTH_BYTES_INVALID");
    const { hash, sessionKeyId } = session;
    const former = this.#byKey.get(call.authKeyId);
    if (former?.sessionKeyId === sessionKeyId) return former;
    this.#free(call.authKeyId);
    return this.#put(call, { userId, hash, sessionKeyId }, nowS);
  }
}
