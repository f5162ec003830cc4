import { AsyncLocalStorage } from "node:async_hooks";
import type { HandlerContext, PluginName, TelegraphistEvent } from "../contract/index.ts";
import { guestError } from "./guest-end.ts";
import type { GuestProcess } from "./guest-process.ts";

/** An event that a plugin's process is handling. */
export interface GuestDelivery {
  readonly context: HandlerContext;
  /** Runs something in the trace of the event. */
  readonly run: <T>(work: () => T) => T;
}

/** Handlers that were told to end and do not: a plugin with more of them does not keep up its part. */
const maxOverdue = 32;

/** What a plugin's process is handling, by the number of the call. */
export class GuestDeliveries {
  readonly #plugin: PluginName;
  readonly #open = new Map<number, GuestDelivery>();
  #overdue = 0;

  constructor(plugin: PluginName) {
    this.#plugin = plugin;
  }

  /** The delivery in which a call was made; `undefined` when it was made in none, or its handler has ended since. */
  at(id: number | null): GuestDelivery | undefined {
    return id === null ? undefined : this.#open.get(id);
  }

  /**
   * Gives the process an event and waits until its handler has ended.
   *
   * @param handler the number of the handler
   * @throws {TelegraphistError} what the handler failed with, or why the process ended
   */
  async deliver(
    process: GuestProcess,
    handler: number,
    event: TelegraphistEvent,
    context: HandlerContext,
  ): Promise<void> {
    if (this.#overdue >= maxOverdue) {
      process.end(
        guestError("PLUGIN_UNRESPONSIVE", this.#plugin, `${maxOverdue} of its handlers do not end`),
      );
    }
    const { signal } = context;
    const delivery: GuestDelivery = { context, run: AsyncLocalStorage.snapshot() };
    let opened: number | null = null;
    const onId = (id: number): void => {
      opened = id;
      this.#open.set(id, delivery);
    };
    const onAbort = (): void => void this.#overdue++;
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await process.call("deliver", [handler, event, context.attempt], { signal, onId });
    } finally {
      if (opened !== null) this.#open.delete(opened);
      if (signal.aborted) this.#overdue--;
      else signal.removeEventListener("abort", onAbort);
    }
  }
}
