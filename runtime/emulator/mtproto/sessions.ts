import type { AuthKey } from "./auth-keys.ts";
import { MessageIds } from "./message-ids.ts";
import { Session } from "./session.ts";

/** A client opens few at once; more than that are left over from its earlier runs. */
const maxSessionsOfKey = 64;

export interface SessionsOptions {
  readonly now: () => number;
}

/** The sessions that are open under each key. Bounded: those without a connection go first. */
export class Sessions {
  readonly #options: SessionsOptions;
  #sessions = new WeakMap<AuthKey, Map<bigint, Session>>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  of(key: AuthKey): Iterable<Session> {
    return this.#under(key).values();
  }

  get(key: AuthKey, id: bigint): Session | undefined {
    return this.#under(key).get(id);
  }

  open(key: AuthKey, id: bigint): Session {
    const { now } = this.#options;
    const sessions = this.#under(key);
    for (const old of sessions.values()) {
      if (sessions.size < maxSessionsOfKey) break;
      if (!old.isConnected) sessions.delete(old.numericId);
    }
    const session = new Session({ id, key, ids: new MessageIds(now), now });
    sessions.set(id, session);
    return session;
  }

  /** False when there is no such session. */
  delete(key: AuthKey, id: bigint): boolean {
    return this.#under(key).delete(id);
  }

  /** As after a restart: each client hears `new_session_created` at its next message. */
  forget(): void {
    this.#sessions = new WeakMap();
  }

  #under(key: AuthKey): Map<bigint, Session> {
    let sessions = this.#sessions.get(key);
    if (sessions === undefined) {
      sessions = new Map();
      this.#sessions.set(key, sessions);
    }
    return sessions;
  }
}
