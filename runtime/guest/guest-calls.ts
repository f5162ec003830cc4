import { AsyncLocalStorage } from "node:async_hooks";
import type { Connection, OutgoingCallOptions, Reply } from "../wire/index.ts";

/** The calls of a plugin to the host: each says in which delivery of an event it is made, for the event's trace. */
export class GuestCalls {
  readonly #connection: Pick<Connection, "call">;
  readonly #delivery = new AsyncLocalStorage<number>();

  constructor(connection: Pick<Connection, "call">) {
    this.#connection = connection;
  }

  /** The delivery in whose handler this is asked; `undefined` outside of any. */
  get delivery(): number | undefined {
    return this.#delivery.getStore();
  }

  /** Runs a handler. */
  within<T>(delivery: number, run: () => T): T {
    return this.#delivery.run(delivery, run);
  }

  call(
    method: string,
    params: readonly unknown[],
    options: Pick<OutgoingCallOptions, "attachment" | "signal" | "onProgress"> = {},
  ): Promise<Required<Reply>> {
    return this.#connection.call(method, params, { ...options, within: this.delivery });
  }
}
