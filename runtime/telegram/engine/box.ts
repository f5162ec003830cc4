/** An item with its place in a count: it takes the count from `end - count` to `end`. */
export interface Numbered<Item> {
  readonly end: number;
  readonly count: number;
  readonly item: Item;
}

/** What to do with an update: core.telegram.org/api/updates, "pts: checking and applying". */
export function verdictOn(
  at: number,
  { end, count }: { readonly end: number; readonly count: number },
): "apply" | "drop" | "wait" {
  const before = end - count;
  if (before === at) return "apply";
  return before < at ? "drop" : "wait";
}

/** Items that one box keeps back; past that a difference brings them as well. */
const defaultCapacity = 10_000;

/**
 * One of Telegram's counts: gives each item once and in the order of the numbers, keeps back what comes early, and knows
 * when something is missing.
 */
export class Box<Item> {
  readonly #capacity: number;
  #at: number | null;
  /** In the order of the numbers. */
  #early: Numbered<Item>[] = [];
  #isHeld = false;
  #hasForgotten = false;

  /** @param at how far the count was read; `null` takes it from the first item */
  constructor(at: number | null, capacity = defaultCapacity) {
    this.#at = at;
    this.#capacity = capacity;
  }

  get at(): number | null {
    return this.#at;
  }

  /** Whether something is missing that no difference is on its way for. */
  get hasGap(): boolean {
    return !this.#isHeld && (this.#early.length > 0 || this.#hasForgotten);
  }

  /** Takes an item in, and returns what can be applied now. */
  take(numbered: Numbered<Item>): readonly Item[] {
    const at = this.#at ?? numbered.end - numbered.count;
    this.#at = at;
    const verdict = verdictOn(at, numbered);
    if (verdict === "drop") return [];
    this.#keep(numbered);
    return this.#isHeld || verdict === "wait" ? [] : this.#due();
  }

  /** A difference is on its way, which may bring the same items: nothing is applied until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** A difference, or the server's state, says how far the count was read. */
  jump(at: number): void {
    this.#at = at;
    this.#hasForgotten = false;
  }

  /** The difference was applied, or did not come; returns what can be applied now. */
  release(): readonly Item[] {
    this.#isHeld = false;
    return this.#due();
  }

  /** Gives up what is missing; returns all that was kept back. */
  skip(): readonly Item[] {
    const early = this.#early;
    this.#early = [];
    this.#isHeld = false;
    this.jump(early.at(-1)?.end ?? this.#at ?? 0);
    return early.map(({ item }) => item);
  }

  #keep(numbered: Numbered<Item>): void {
    if (this.#early.length >= this.#capacity) {
      this.#early = [];
      this.#hasForgotten = true;
      return;
    }
    const before = numbered.end - numbered.count;
    // Nearly always at the end.
    const place = this.#early.findLastIndex(({ end, count }) => end - count <= before);
    const neighbour = this.#early[place];
    if (neighbour?.end === numbered.end && neighbour.count === numbered.count) return;
    this.#early.splice(place + 1, 0, numbered);
  }

  #due(): readonly Item[] {
    const due: Item[] = [];
    let passed = 0;
    for (const numbered of this.#early) {
      const verdict = verdictOn(this.#at ?? 0, numbered);
      if (verdict === "wait") break;
      passed += 1;
      if (verdict === "drop") continue;
      this.#at = numbered.end;
      due.push(numbered.item);
    }
    this.#early.splice(0, passed);
    return due;
  }
}
