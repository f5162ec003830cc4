import type { Logger } from "../../telemetry/index.ts";
import { hasCode, type PluginName, TelegraphistError } from "../contract/index.ts";
import {
  type LaunchOptions,
  launchSandboxed,
  readResidentBytes,
  type SandboxedProcess,
} from "../sandbox/index.ts";
import { systemClock } from "../scope/index.ts";
import {
  Connection,
  type ConnectionOptions,
  guestFrameBounds,
  hostFrameBounds,
  type IncomingCall,
  maxCalls,
  type OutgoingCallOptions,
  type Reply,
} from "../wire/index.ts";
import { endOf, guestError, unheldError } from "./guest-end.ts";
import { logErrorOutput } from "./guest-error-output.ts";

export interface GuestProcessOptions extends Pick<ConnectionOptions, "serve" | "onTold"> {
  readonly plugin: PluginName;
  readonly launch: LaunchOptions;
  readonly logger: Logger;
}

/** How a plugin's process is, as an operator sees it. */
export interface GuestUse {
  readonly pid: number;
  /** What the kernel enforces on it: `landlock:7+seccomp`, or `none`. */
  readonly level: string;
  /** Memory when it was last looked at, in bytes. */
  readonly residentBytes: number | null;
}

/** Sent and not yet taken by the pipe: past this the plugin's calls wait. */
const maxQueuedBytes = 16 * 1024 * 1024;
/** What its unanswered calls may hold: four bodies of requests of the largest size. */
const maxHeldBytes = 256 * 1024 * 1024;
/** Time for a process to end whose pipe is closed. */
const exitTimeoutMs = 2_000;

/** A process that holds one plugin, and the calls to it. Whatever it does against the protocol ends it. */
export class GuestProcess {
  readonly #options: GuestProcessOptions;
  readonly #process: SandboxedProcess;
  readonly #connection: Connection;
  readonly #ended: Promise<TelegraphistError>;
  #residentBytes: number | null = null;

  private constructor(process: SandboxedProcess, options: GuestProcessOptions) {
    this.#options = options;
    this.#process = process;
    this.#connection = new Connection({
      ...{ input: process.stdout, output: process.stdin, maxCalls, maxQueuedBytes, maxHeldBytes },
      serve: (call) => this.#serve(call),
      onTold: options.onTold,
      accepts: guestFrameBounds,
      sends: hostFrameBounds,
    });
    this.#ended = this.#watch();
    void logErrorOutput(process.stderr, options.logger);
  }

  /** @throws {TelegraphistError} `HOST_SANDBOX_UNAVAILABLE`, which says what may be done, and what the launch throws */
  static async launch(options: GuestProcessOptions): Promise<GuestProcess> {
    try {
      return new GuestProcess(await launchSandboxed(options.launch), options);
    } catch (error) {
      if (!hasCode(error, "SANDBOX_UNAVAILABLE")) throw error;
      throw unheldError(options.plugin, error);
    }
  }

  /** Resolves with the reason when it has ended, whether it was told to or not. */
  get ended(): Promise<TelegraphistError> {
    return this.#ended;
  }

  /** Whether nothing can be asked of it any more. */
  get isOver(): boolean {
    return this.#connection.endReason !== null;
  }

  get use(): GuestUse {
    const { pid, level } = this.#process;
    return { pid, level, residentBytes: this.#residentBytes };
  }

  /** @throws {TelegraphistError} what the plugin fails with, or why the process ended */
  async call(
    method: string,
    params: readonly unknown[],
    options?: OutgoingCallOptions,
  ): Promise<Required<Reply>> {
    try {
      return await this.#connection.call(method, params, options);
    } catch (error) {
      // The pipe of a process that ends is closed first; why it ended is known a moment later.
      if (error === this.#connection.endReason) throw await this.#ended;
      throw error;
    }
  }

  tell(topic: string, value: unknown): void {
    this.#connection.tell(topic, value);
  }

  /** Looks at its memory. */
  async measure(): Promise<void> {
    this.#residentBytes = await readResidentBytes(this.#process.pid);
  }

  /** Ends it at once, for a reason; nothing happens when it has ended. */
  end(reason: TelegraphistError): void {
    this.#connection.end(reason);
  }

  /** Lets it end by itself, as it does when its pipe is closed, and kills it when it does not. */
  async close(): Promise<void> {
    try {
      await this.#process.stdin.end();
    } catch {
      // A pipe that broke is closed already, and why it did is told by the process's end.
    }
    await this.#exits();
    this.end(guestError("PLUGIN_STOPPED", this.#options.plugin, "it was told to stop"));
    await this.#ended;
  }

  async #serve(call: IncomingCall): Promise<Reply> {
    try {
      return await this.#options.serve(call);
    } catch (error) {
      // A call that there is none of is no mistake that the plugin could mend.
      if (error instanceof TelegraphistError && error.code.startsWith("WIRE_")) this.end(error);
      throw error;
    }
  }

  async #watch(): Promise<TelegraphistError> {
    const reason = await this.#connection.ended;
    const isClosed = reason.code === "WIRE_CLOSED";
    if (isClosed) await this.#exits();
    this.#process.kill();
    const exit = await this.#process.exited;
    const { plugin, launch } = this.#options;
    return isClosed || exit.exceeded !== null ? endOf(plugin, exit, launch.policy.limits) : reason;
  }

  /** Waits for the process to end by itself, if it does so in its time. */
  async #exits(): Promise<void> {
    const over = new AbortController();
    const late = systemClock.sleep(exitTimeoutMs, { signal: over.signal }).catch(() => undefined);
    await Promise.race([this.#process.exited, late]);
    over.abort();
  }
}
