import type { Logger } from "../../telemetry/index.ts";
import {
  type ErrorRecord,
  type PluginFailed,
  parseEventId,
  type TelegraphistEvent,
} from "../contract/index.ts";
import { failureRecord } from "../guest/index.ts";
import { accountsOf } from "./plugin-context.ts";
import type { PluginStatus } from "./plugin-status.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";

/** Failures that may wait to be told over the bus; more are logged and counted alone. */
const maxUntold = 100;

export interface FailureReportOptions {
  /** As it is when something fails. */
  readonly entry: () => PluginEntry;
  readonly host: HostOptions;
  readonly logger: Logger;
}

/** Tells what went wrong in one plugin: the log, the bus, and whoever asks for the last of it. */
export class FailureReport {
  readonly #options: FailureReportOptions;
  #last: PluginStatus["lastError"] = null;
  #count = 0;
  #untold = 0;

  constructor(options: FailureReportOptions) {
    this.#options = options;
  }

  get last(): PluginStatus["lastError"] {
    return this.#last;
  }

  /**
   * A failure in handling `plugin.failed` is not told over the bus, as that would go on for ever.
   *
   * @param deadLetterId of the event, when it was put aside for good
   * @returns what was told
   */
  add(
    thrown: unknown,
    phase: PluginFailed["phase"],
    event?: TelegraphistEvent,
    deadLetterId?: string,
  ): ErrorRecord {
    const { host, logger } = this.#options;
    const entry = this.#options.entry();
    const error = failureRecord(thrown, entry.name, phase);
    const nowMs = host.clock.now();
    this.#last = { error, atMs: nowMs };
    this.#count++;
    const { code, message: reason } = error;
    logger.error("Plugin failed", { phase, code, reason, event: event?.type, deadLetterId });
    const account = event?.account ?? accountsOf(host, entry)[0];
    if (account === undefined || event?.type === "plugin.failed" || this.#untold >= maxUntold) return error;
    const failed: PluginFailed = {
      type: "plugin.failed",
      id: parseEventId(`plugin:${entry.name}:failed:${nowMs}:${this.#count}`),
      account,
      atMs: nowMs,
      receivedAtMs: nowMs,
      plugin: entry.name,
      phase,
      error,
      ...(deadLetterId === undefined ? {} : { deadLetterId }),
      ...(event?.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    };
    this.#untold++;
    // Not waited for: the handler that failed holds a place that the listener may need.
    void host.bus.emit(failed).then(() => this.#untold--);
    return error;
  }
}
