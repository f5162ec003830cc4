/** What one plugin has been given and has handled, by the events' numbers; it is given them in rising order. */
export class Progress {
  /** Rising, as it is filled in order. */
  readonly #outstanding = new Set<number>();
  #last: number;
  #told: number;
  #untoldBeyond = new Set<number>();

  constructor(throughSeq: number) {
    this.#last = throughSeq;
    this.#told = throughSeq;
  }

  /** The last number that it has come by. */
  get last(): number {
    return this.#last;
  }

  /** How many events it was given and has not handled. */
  get outstanding(): number {
    return this.#outstanding.size;
  }

  /** Comes by an event that the plugin is given. */
  begin(seq: number): void {
    this.#outstanding.add(seq);
    this.#last = seq;
  }

  /** Comes by everything up to a number that the plugin is not given. */
  pass(seq: number): void {
    this.#last = Math.max(this.#last, seq);
  }

  settle(seq: number): void {
    if (this.#outstanding.delete(seq)) this.#untoldBeyond.add(seq);
  }

  /** What was handled since the last call; `null` when that is nothing. */
  takeUntold(): { readonly throughSeq: number; readonly beyond: readonly number[] } | null {
    const [oldest] = this.#outstanding;
    const throughSeq = oldest === undefined ? this.#last : oldest - 1;
    const beyond = [...this.#untoldBeyond].filter((seq) => seq > throughSeq);
    this.#untoldBeyond.clear();
    if (throughSeq === this.#told && beyond.length === 0) return null;
    this.#told = throughSeq;
    return { throughSeq, beyond };
  }

  /** Takes back a `takeUntold` that could not be told. */
  restore(untold: { readonly beyond: readonly number[] }): void {
    for (const seq of untold.beyond) this.#untoldBeyond.add(seq);
    this.#told = -1;
  }
}
