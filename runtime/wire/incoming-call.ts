import type { TelegraphistError } from "../contract/index.ts";

/** A call that the other side made. */
export class IncomingCall {
  readonly id: number;
  readonly method: string;
  /** Whatever the JSON holds. */
  readonly params: readonly unknown[];
  readonly attachment: Uint8Array | null;
  /** The call in which it was made; `null` outside of any. */
  readonly within: number | null;
  /** Tells the caller how it goes; `null` when it did not ask. */
  readonly tellProgress: ((value: unknown) => void) | null;
  #controller: AbortController | null = null;
  #end: TelegraphistError | null = null;

  constructor(facts: Omit<IncomingCall, "signal" | "abort">) {
    this.id = facts.id;
    this.method = facts.method;
    this.params = facts.params;
    this.attachment = facts.attachment;
    this.within = facts.within;
    this.tellProgress = facts.tellProgress;
  }

  /** Aborted when the caller waits no longer, or is gone; made when it is asked for, as most calls are short. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#end !== null) this.#controller.abort(this.#end);
    }
    return this.#controller.signal;
  }

  abort(error: TelegraphistError): void {
    this.#end ??= error;
    this.#controller?.abort(error);
  }
}
