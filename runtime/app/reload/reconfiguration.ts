import type { Logger } from "../../../telemetry/index.ts";
import { TelegraphistError } from "../../contract/index.ts";
import type { Host } from "../../host/index.ts";
import { type FitConfig, readConfig } from "../fit-config.ts";
import { pluginEntriesOf } from "../plugin-entries.ts";
import type { ReadConfig } from "../read-config.ts";
import { writeApplied } from "./applied-file.ts";
import { type ConfigPlan, planOf } from "./config-plan.ts";
import { runningState, wantedState } from "./config-state.ts";

export interface ReconfigurationOptions {
  /** What the program was put together by. */
  readonly read: ReadConfig;
  readonly host: Host;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** Has the running program follow its configuration file. */
export class Reconfiguration {
  readonly #options: ReconfigurationOptions;
  #running: ReadConfig;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(options: ReconfigurationOptions) {
    this.#options = options;
    this.#running = options.read;
  }

  /** What runs. */
  get running(): ReadConfig {
    return this.#running;
  }

  /**
   * What would change if the file were applied as it is now.
   *
   * @throws {TelegraphistError} `APP_CONFIG_UNFIT` when it cannot be used
   */
  plan(): Promise<ConfigPlan> {
    return this.#inTurn(async () => (await this.#look()).plan);
  }

  /**
   * Applies the file, whole or not at all.
   *
   * @returns what was changed
   * @throws {TelegraphistError} `APP_CONFIG_UNFIT`, `APP_RESTART_NEEDED` when it has what a running program cannot take
   * up, and `HOST_APPLY_FAILED` when a plugin did not start; all is as it was then
   */
  apply(): Promise<ConfigPlan> {
    return this.#inTurn(async () => {
      const { plan, read } = await this.#look();
      if (plan.restart.length > 0) throw restartNeeded(plan);
      await this.#options.host.apply(pluginEntriesOf(read.config));
      this.#running = read;
      await this.keep();
      const plugins = plan.plugins.map(({ name, change }) => `${name}: ${change}`);
      this.#options.logger.info("Configuration applied", { plugins });
      return plan;
    });
  }

  /** Keeps the text of what runs, for a plan while nothing does. What goes wrong in that is logged. */
  async keep(): Promise<void> {
    const { baseFolder, config, document } = this.#running;
    try {
      await writeApplied({ baseFolder, config }, document.text);
    } catch (error) {
      this.#options.logger.warn("Cannot keep which configuration runs", { error });
    }
  }

  async #look(): Promise<{ readonly plan: ConfigPlan; readonly read: ReadConfig }> {
    const { host, env, logger } = this.#options;
    const { file } = this.#running.document;
    const read = await readConfig(file, env);
    if (!read.ok) throw unfit(file, read.problems);
    const wanted = await wantedState(read, { env, logger });
    return { plan: planOf(runningState(this.#running.config, host), wanted), read };
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(run);
    // The caller has the error; the next turn only waits.
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

type Problems = Extract<FitConfig, { readonly ok: false }>["problems"];

function unfit(file: string, problems: Problems): TelegraphistError {
  const texts = problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  return new TelegraphistError({
    code: "APP_CONFIG_UNFIT",
    category: "INVALID",
    message: `Cannot use ${file}, and what runs goes on: ${texts.join("; ")}`,
    data: { problems: texts },
  });
}

function restartNeeded({ restart }: ConfigPlan): TelegraphistError {
  const keys = restart.map(({ path }) => path);
  return new TelegraphistError({
    code: "APP_RESTART_NEEDED",
    category: "INVALID",
    message: `Cannot apply the configuration to a program that runs, and nothing is changed: start it again to take up ${keys.join(", ")}`,
    data: { keys },
  });
}
