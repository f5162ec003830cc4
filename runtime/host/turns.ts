/** Does what it is given one after the other; what fails holds up nothing. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves, or rejects, as `run` does when its turn has come. */
  take<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run);
    // The caller has the error; the next turn only waits.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
