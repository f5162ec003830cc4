/** What a handler is told of an event that waits in the journal until it is handled. */
export interface Ticket {
  /** The event's number in the journal. */
  readonly seq: number;
  /** How often the owner was given the event before. */
  readonly formerAttempts: number;
}

/** Follows one event through all of an owner's handlers. */
export class Receipt {
  readonly ticket: Ticket;
  readonly #onHandled: (isHandled: boolean) => void;
  #left: number;
  #isHandled = true;

  /** @param handlers how many handlers have to settle before `onHandled` is called */
  constructor(ticket: Ticket, handlers: number, onHandled: (isHandled: boolean) => void) {
    this.ticket = ticket;
    this.#left = handlers;
    this.#onHandled = onHandled;
  }

  settle(isHandled: boolean): void {
    this.#isHandled &&= isHandled;
    this.#left--;
    if (this.#left === 0) this.#onHandled(this.#isHandled);
  }
}
