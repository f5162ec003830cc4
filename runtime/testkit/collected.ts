interface Waiting<Item> {
  readonly fits: (item: Item) => boolean;
  readonly take: (item: Item) => void;
}

/** Things in the order in which they came, each given to one who waits for such a thing. */
export class Collected<Item> {
  readonly #items: Item[] = [];
  readonly #waiting: Waiting<Item>[] = [];

  add(item: Item): void {
    const index = this.#waiting.findIndex(({ fits }) => fits(item));
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting === undefined) this.#items.push(item);
    else waiting.take(item);
  }

  /** What nobody was given yet. */
  list(): readonly Item[] {
    return [...this.#items];
  }

  /**
   * The oldest that fits, or the next.
   *
   * @param failure says what did not come when there is none in that time
   */
  async take(fits: (item: Item) => boolean, timeoutMs: number, failure: () => string): Promise<Item> {
    const index = this.#items.findIndex(fits);
    const [found] = index < 0 ? [] : this.#items.splice(index, 1);
    if (found !== undefined) return found;
    const { promise, resolve, reject } = Promise.withResolvers<Item>();
    const waiting = { fits, take: resolve };
    this.#waiting.push(waiting);
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      reject(new Error(failure()));
    }, timeoutMs);
    return promise.finally(() => clearTimeout(timer));
  }
}
