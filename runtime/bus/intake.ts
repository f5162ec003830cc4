/**
 * Lets the events in of all subscriptions that are made with it: none until it is opened, none after it was closed. So
 * one set of handlers can take over from another at one moment.
 */
export class Intake {
  #state: "held" | "open" | "closed" = "held";
  #taken = 0;
  readonly #emptied = Promise.withResolvers<void>();

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  open(): void {
    if (this.#state === "held") this.#state = "open";
  }

  /**
   * Resolves when every event is handled that was taken. One that came by `EventBus.deliver` and whose handler has not
   * begun is left unhandled.
   */
  close(): Promise<void> {
    this.#state = "closed";
    this.#announceEmptied();
    return this.#emptied.promise;
  }

  /** Counts an event that was taken. */
  begin(): void {
    this.#taken++;
  }

  /** Counts an event that is done with. */
  end(): void {
    this.#taken--;
    this.#announceEmptied();
  }

  #announceEmptied(): void {
    if (this.#state === "closed" && this.#taken === 0) this.#emptied.resolve();
  }
}
