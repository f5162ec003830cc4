import { type PluginName, TelegraphistError } from "../contract/index.ts";
import { applyChange, changeTo, withTurnsOf } from "./host-change.ts";
import { moduleOpener, type OpenModule } from "./open-module.ts";
import { PluginInstance } from "./plugin-instance.ts";
import type { PluginStatus } from "./plugin-status.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";
import { startOrderOf } from "./start-order.ts";
import { Turns } from "./turns.ts";

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
   * Goes over to other entries: what is new or changed, in its entry or its files, is started beside what runs, and takes
   * over when all of it has started. Where one does not start, everything goes on as it was.
   *
   * @throws {TelegraphistError} `HOST_APPLY_FAILED`, which says what did not start and why
   */
  apply(entries: readonly PluginEntry[]): Promise<void>;
  /**
   * Has a plugin go on with its files as they are now, without losing or repeating an event. One that does not run is
   * started; one that is disabled stays so.
   *
   * @throws {TelegraphistError} `HOST_APPLY_FAILED` when the new code does not start, and the old goes on;
   * `HOST_UNKNOWN_PLUGIN` when there is no such entry, as the next three do
   */
  reload(name: PluginName): Promise<PluginStatus>;
  /** Stops a plugin and starts it again, with the code that it has now. */
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
  /** Starts and stops of all take turns; those of one plugin have turns of their own, so that none waits for another's. */
  readonly #turns = new Turns();

  constructor(options: HostOptions) {
    this.#options = options;
    this.#openModule = moduleOpener(options);
  }

  start(entries: readonly PluginEntry[]): Promise<void> {
    return this.#turns.take(async () => {
      await this.#stopAll();
      const instances = entries.map((entry) => this.#instanceOf(entry));
      this.#instances = instances;
      const wanted = instances.filter((instance) => instance.state !== "disabled");
      const loaded = await Promise.all(wanted.map((instance) => instance.turns.take(() => instance.load())));
      const { order, faults } = startOrderOf(wanted.filter((_, index) => loaded[index]));
      for (const [instance, fault] of faults) instance.fail(fault);
      await inOrder(
        order,
        (instance, other) => instance.requires.some((name) => other.provides.includes(name)),
        (instance) => instance.turns.take(() => this.#startOne(instance)),
      );
    });
  }

  stop(): Promise<void> {
    for (const instance of this.#instances) instance.hurry();
    return this.#turns.take(() => this.#stopAll());
  }

  list(): readonly PluginStatus[] {
    return this.#instances.map((instance) => instance.status());
  }

  async idle(): Promise<void> {
    await Promise.all(this.#instances.map((instance) => instance.idle()));
  }

  apply(entries: readonly PluginEntry[]): Promise<void> {
    return this.#turns.take(async () => {
      const change = await changeTo(entries, this.#instances, (entry) => this.#instanceOf(entry));
      const onStarted = (): void => {
        this.#instances = change.next;
      };
      await withTurnsOf([...this.#instances, ...change.next], () => applyChange(change, onStarted));
    });
  }

  reload(name: PluginName): Promise<PluginStatus> {
    return this.#change(name, async (instance) => {
      if (instance.state === "disabled") return;
      if (instance.state !== "running") {
        await instance.stop("stopped");
        return this.#startOne(instance);
      }
      const entries = new Map(this.#instances.map((other) => [other, other.entry]));
      await applyChange({ next: this.#instances, entries, renewed: [instance], ended: [] });
    });
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
      onCrash: () => void instance.turns.take(() => instance.recover()),
      onRestart: () =>
        void instance.turns.take(async () => {
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

  /** Those too that have failed, as they may be about to start again. */
  async #stopAll(): Promise<void> {
    const { order, faults } = startOrderOf(this.#instances.filter(({ state }) => state !== "disabled"));
    await inOrder(
      [...order.toReversed(), ...faults.keys()],
      (instance, other) => other.requires.some((name) => instance.provides.includes(name)),
      (instance) => instance.turns.take(() => instance.stop("stopped")),
    );
  }

  async #change(
    name: PluginName,
    change: (instance: PluginInstance) => Promise<void>,
  ): Promise<PluginStatus> {
    await this.#turns.take(async () => undefined);
    const instance = this.#instances.find((candidate) => candidate.name === name);
    if (instance === undefined) {
      throw new TelegraphistError({
        code: "HOST_UNKNOWN_PLUGIN",
        category: "NOT_FOUND",
        message: `Cannot find plugin ${JSON.stringify(name)}: no entry has that name`,
      });
    }
    return instance.turns.take(async () => {
      await change(instance);
      return instance.status();
    });
  }
}

/**
 * Does something with each plugin, side by side as far as none has to wait for another.
 *
 * @param isAfter whether the first waits for the second, which comes before it in the list
 */
async function inOrder(
  instances: readonly PluginInstance[],
  isAfter: (instance: PluginInstance, other: PluginInstance) => boolean,
  run: (instance: PluginInstance) => Promise<void>,
): Promise<void> {
  const runs = new Map<PluginInstance, Promise<void>>();
  for (const instance of instances) {
    const before = [...runs].filter(([other]) => isAfter(instance, other)).map(([, done]) => done);
    runs.set(
      instance,
      Promise.all(before).then(() => run(instance)),
    );
  }
  await Promise.all(runs.values());
}
