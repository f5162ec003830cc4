import { setImmediate } from "node:timers/promises";

/** How many items one write takes. */
const maxGroup = 1_000;

interface Waiting<Item> {
  readonly item: Item;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Writes together what is added in one turn of the event loop, since a transaction costs the same for one as for many.
 * Whoever adds MUST wait before adding the next of its own, which is what bounds the group.
 */
export class GroupCommit<Item> {
  readonly #write: (items: readonly Item[]) => Promise<void>;
  #waiting: Waiting<Item>[] = [];
  #isRunning = false;

  constructor(write: (items: readonly Item[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the item is written; rejects with what its write threw, which is no other item's. */
  add(item: Item): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ item, done });
    if (!this.#isRunning) void this.#run();
    return done.promise;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      // What has arrived at the socket meanwhile comes into the same group.
      await setImmediate();
      await this.#writeGroup(this.#waiting.splice(0, maxGroup));
    }
    this.#isRunning = false;
  }

  async #writeGroup(group: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#write(group.map(({ item }) => item));
      for (const { done } of group) done.resolve();
    } catch (error) {
      const [first, ...others] = group;
      if (others.length === 0) first?.done.reject(error);
      // What is refused for one account, as its session is another program's by now, must not stop the others.
      else for (const waiting of group) await this.#writeGroup([waiting]);
    }
  }
}
