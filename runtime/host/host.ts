import { type PluginName, TelegraphistError } from "../contract/index.ts";
import { moduleOpener, type OpenModule } from "./open-module.ts";
import { PluginInstance } from "./plugin-instance.ts";
import type { PluginStatus } from "./plugin-status.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";
import { startOrderOf } from "./start-order.ts";

/** Starts, watches over, and stops plugins; one that fails fails alone. */
export interface Host {
  /** Starts every enabled entry, each after those that it requires. Never rejects: failures are in `list()`. */
  start(entries: readonly PluginEntry[]): Promise<void>;
  /** Stops all, each before those that it requires. */
  stop(): Promise<void>;
  list(): readonly PluginStatus[];
  /** Resolves when no handler runs, of events and schedules alike. */
  idle(): Promise<void>;
  /**
   * Stops a plugin and starts it again. Its module is not read anew: a program runs it once.
   *
   * @throws {TelegraphistError} `HOST_UNKNOWN_PLUGIN` when there is no such entry; so do the next two
   */
  restart(name: PluginName): Promise<PluginStatus>;
  disable(name: PluginName): Promise<PluginStatus>;
  enable(name: PluginName): Promise<PluginStatus>;
}

export function createHost(options: HostOptions): Host {
  return new PluginHost(options);
}

class PluginHost implements Host {
  readonly #options: HostOptions;
  readonly #openModule: OpenModule;
  #instances: readonly PluginInstance[] = [];
  /** Starts and stops take turns. */
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(options: HostOptions) {
    this.#options = options;
    this.#openModule = moduleOpener(options);
  }

  start(entries: readonly PluginEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stopAll();
      const instances = entries.map((entry) => this.#instanceOf(entry));
      this.#instances = instances;
      const wanted = instances.filter((instance) => instance.state !== "disabled");
      const loaded = await Promise.all(wanted.map((instance) => instance.load()));
      const { order, faults } = startOrderOf(wanted.filter((_, index) => loaded[index]));
      for (const [instance, fault] of faults) instance.fail(fault);
      for (const instance of order) await this.#startOne(instance);
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stopAll());
  }

  list(): readonly PluginStatus[] {
    return this.#instances.map((instance) => instance.status());
  }

  async idle(): Promise<void> {
    await Promise.all(this.#instances.map((instance) => instance.idle()));
  }

  restart(name: PluginName): Promise<PluginStatus> {
    return this.#change(name, async (instance) => {
      await instance.stop("stopped");
      await this.#startOne(instance);
    });
  }

  disable(name: PluginName): Promise<PluginStatus> {
    return this.#change(name, (instance) => instance.stop("disabled"));
  }

  enable(name: PluginName): Promise<PluginStatus> {
    return this.#change(name, (instance) => this.#startOne(instance));
  }

  #instanceOf(entry: PluginEntry): PluginInstance {
    const instance: PluginInstance = new PluginInstance(entry, {
      host: this.#options,
      openModule: this.#openModule,
      onCrash: () => void this.#inTurn(() => instance.recover()),
      onRestart: () =>
        void this.#inTurn(async () => {
          // It may have been replaced, or started by hand, while this waited for its turn.
          const isWaiting = this.#instances.includes(instance) && instance.state === "failed";
          if (isWaiting) await instance.startAgain(() => this.#startOne(instance));
        }),
    });
    return instance;
  }

  async #startOne(instance: PluginInstance): Promise<void> {
    if (!(await instance.load())) return;
    const unmet = instance.requires.filter(
      (required) =>
        !this.#instances.some((other) => other.state === "running" && other.provides.includes(required)),
    );
    if (unmet.length === 0) return instance.start();
    instance.fail(
      new TelegraphistError({
        code: "HOST_REQUIREMENT_FAILED",
        category: "PLUGIN",
        message: `Cannot start plugin "${instance.name}" as a plugin that it requires is not running: ${unmet.join(", ")}`,
        data: { plugin: instance.name, requires: unmet },
      }),
    );
  }

  /** Plugins that nobody requires stop side by side. */
  async #stopAll(): Promise<void> {
    const stops = new Map<PluginInstance, Promise<void>>();
    const { order } = startOrderOf(this.#instances.filter((instance) => instance.state === "running"));
    for (const instance of order.toReversed()) {
      const dependents = [...stops].filter(([other]) =>
        other.requires.some((name) => instance.provides.includes(name)),
      );
      const stopped = Promise.all(dependents.map(([, stop]) => stop)).then(() => instance.stop("stopped"));
      stops.set(instance, stopped);
    }
    await Promise.all(stops.values());
  }

  #change(name: PluginName, change: (instance: PluginInstance) => Promise<void>): Promise<PluginStatus> {
    return this.#inTurn(async () => {
      const instance = this.#instances.find((candidate) => candidate.entry.name === name);
      if (instance === undefined) {
        throw new TelegraphistError({
          code: "HOST_UNKNOWN_PLUGIN",
          category: "NOT_FOUND",
          message: `Cannot find plugin ${JSON.stringify(name)}: no entry has that name`,
        });
      }
      await change(instance);
      return instance.status();
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(run);
    // The caller has the error; the next turn only waits.
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }
}
