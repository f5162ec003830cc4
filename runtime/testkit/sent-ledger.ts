import type { MessageSent } from "../contract/index.ts";
import type { World } from "../emulator/index.ts";

/**
 * Which of the account's messages in the emulator the program has heard of by events: those of its own come some time
 * after the call that sent them.
 */
export class SentLedger {
  readonly #world: World;
  readonly #ownerId: string;
  readonly #known: Set<string>;
  readonly #waiters = new Set<() => void>();

  /** What was sent before is taken for known. */
  constructor(world: World, ownerId: string) {
    this.#world = world;
    this.#ownerId = ownerId;
    this.#known = new Set(this.#sent());
  }

  note({ chat, messageId }: Pick<MessageSent, "chat" | "messageId">): void {
    this.#known.add(keyOf(chat.id, messageId));
    if (!this.isComplete) return;
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
  }

  get isComplete(): boolean {
    for (const key of this.#sent()) if (!this.#known.has(key)) return false;
    return true;
  }

  /** Resolves when it is complete. */
  completed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.isComplete) resolve();
    else this.#waiters.add(resolve);
    return promise;
  }

  *#sent(): Generator<string> {
    for (const { id: chatId } of [...this.#world.users(), ...this.#world.chats()]) {
      for (const { id, isOutgoing, action } of this.#world.messages(this.#ownerId, chatId)) {
        if (isOutgoing && action === null) yield keyOf(chatId, id);
      }
    }
  }
}

function keyOf(chatId: string, messageId: string): string {
  return `${chatId} ${messageId}`;
}
