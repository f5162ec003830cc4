import type { PushPort } from "../methods/rpc.ts";
import type { TlObject } from "../tl/value.ts";
import type { AuthKeys } from "./auth-keys.ts";
import type { Codecs } from "./codecs.ts";
import type { Connection } from "./connection.ts";
import type { Sessions } from "./sessions.ts";

export interface PushesOptions {
  readonly keys: AuthKeys;
  readonly sessions: Sessions;
  readonly codecs: Codecs;
  readonly connections: ReadonlySet<Connection>;
}

/** Sends what the world has to say to the sessions of a key. */
export class Pushes implements PushPort {
  readonly #options: PushesOptions;
  /** One per session that took a push. */
  written = 0;

  constructor(options: PushesOptions) {
    this.#options = options;
  }

  push(
    authKeyId: string,
    updates: TlObject | Uint8Array,
    options: { readonly exceptSessionId?: string } = {},
  ): number {
    const { codecs, keys, sessions } = this.#options;
    let count = 0;
    for (const key of keys.speakingFor(authKeyId)) {
      let body: Uint8Array | null = null;
      for (const session of sessions.of(key)) {
        if (!session.takesUpdates || !session.isConnected || session.id === options.exceptSessionId) continue;
        body ??= updates instanceof Uint8Array ? updates : codecs.of(key.layer).encode(updates);
        session.send(body, true, "own");
        count += 1;
      }
    }
    this.written += count;
    return count;
  }

  disconnect(authKeyId: string): void {
    for (const connection of this.#options.connections) {
      if (connection.session?.key.permanent?.id === authKeyId) connection.close();
    }
  }

  destroyKey(authKeyId: string): void {
    this.#options.keys.delete(authKeyId);
  }
}
