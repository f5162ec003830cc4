import { type EventId, type PluginName, TelegraphistError } from "../contract/index.ts";

const maxLength = 200;

/** One handler's work on one event. */
export interface HandlerRun {
  readonly eventId: EventId;
  /** The same in every life of the plugin. */
  readonly handler: string;
}

/**
 * Names the sends of a plugin, so that one that is repeated is known again. No plugin can name another's: its own name
 * is a part of each.
 */
export class OnceKeys {
  readonly #plugin: PluginName;
  readonly #run: HandlerRun | null;
  #calls = 0;

  /** @param run `null` outside of any handler */
  constructor(plugin: PluginName, run: HandlerRun | null) {
    this.#plugin = plugin;
    this.#run = run;
  }

  /**
   * The name of the next send; `null` for one that may be made any number of times.
   *
   * @param given as the plugin named it
   * @throws {TelegraphistError} `CALL_INVALID` when it is empty or too long
   */
  next(given: string | undefined): string | null {
    if (given !== undefined) {
      if (typeof given === "string" && given.length > 0 && given.length <= maxLength) {
        return JSON.stringify([this.#plugin, given]);
      }
      throw new TelegraphistError({
        code: "CALL_INVALID",
        category: "INVALID",
        message: `Cannot make the call as "onceKey" must have 1 to ${maxLength} characters`,
      });
    }
    if (this.#run === null) return null;
    this.#calls++;
    return JSON.stringify([this.#plugin, this.#run.eventId, this.#run.handler, this.#calls]);
  }
}
