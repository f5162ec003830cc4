import type { TlObject } from "../tl/value.ts";
import { chatView } from "./chat-view.ts";
import type { PeerId } from "./peer-id.ts";
import { Person } from "./person.ts";
import { personView } from "./person-view.ts";
import { shortUpdate } from "./short-update.ts";
import type { WorldUpdate } from "./update-log.ts";
import type { WorldState } from "./world-state.ts";

/** The session that asked for a change: it gets its updates as the answer, not as a push. */
export interface CallingSession {
  readonly authKeyId: string;
  readonly sessionId: string;
}

/** The updates that one change makes, for everyone whom it concerns. */
export class UpdateBatch {
  readonly #state: WorldState;
  readonly #byUser = new Map<PeerId, WorldUpdate[]>();

  constructor(state: WorldState) {
    this.#state = state;
  }

  add(userId: PeerId, update: WorldUpdate): void {
    this.#state.updateCounts.add(userId, update.name);
    const updates = this.#byUser.get(userId);
    if (updates === undefined) this.#byUser.set(userId, [update]);
    else updates.push(update);
  }

  /** Pushes to every key of everyone, save the session that called. */
  commit(caller?: CallingSession): void {
    const { push, pushFaults, authorizations, options } = this.#state;
    if (push === null) return;
    for (const [userId, updates] of this.#byUser) {
      let container: TlObject | null = null;
      const send = (instead?: TlObject | Uint8Array) => {
        for (const { authKeyId } of authorizations.list(userId)) {
          container ??=
            (options.usesShortUpdates ? shortUpdate(userId, updates) : null) ?? this.answer(userId);
          const isCaller = authKeyId === caller?.authKeyId;
          push.push(authKeyId, instead ?? container, isCaller ? { exceptSessionId: caller.sessionId } : {});
        }
      };
      if (authorizations.hasKeys(userId)) pushFaults.deliver(userId, send);
    }
  }

  /** What the change brought one person, with the people and chats that it names. */
  answer(userId: PeerId, before: readonly TlObject[] = []): TlObject {
    const updates = this.#byUser.get(userId) ?? [];
    return {
      _: "updates",
      updates: [...before, ...updates.map((update) => update.view(userId))],
      ...peerViews(
        this.#state,
        userId,
        updates.flatMap(({ peerIds }) => peerIds),
      ),
      date: this.#state.nowS(),
      seq: 0,
    };
  }
}

/** The people and chats among some ids, once each, as a viewer sees them. */
export function peerViews(
  state: WorldState,
  viewerId: PeerId,
  ids: Iterable<PeerId>,
): { readonly users: TlObject[]; readonly chats: TlObject[] } {
  const users: TlObject[] = [];
  const chats: TlObject[] = [];
  for (const id of new Set(ids)) {
    const peer = state.people.get(id) ?? state.chats.get(id);
    if (peer instanceof Person) users.push(personView(state, viewerId, peer));
    else if (peer !== undefined) chats.push(chatView(state, viewerId, peer));
  }
  return { users, chats };
}
