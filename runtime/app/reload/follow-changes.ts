import type { Logger } from "../../../telemetry/index.ts";
import { errorTypeOf } from "../../../telemetry/index.ts";
import { hasCode } from "../../contract/index.ts";
import { type Host, hashPlugin, type PluginStatus, rootOf } from "../../host/index.ts";
import type { Reconfiguration } from "./reconfiguration.ts";
import { type FileWatch, watchFiles } from "./watch-files.ts";

export interface FollowOptions {
  readonly reconfiguration: Reconfiguration;
  readonly host: Host;
  readonly baseFolder: string;
  readonly pluginFolder: string;
  readonly logger: Logger;
}

/** Applies the configuration file when it changes, and reloads each plugin whose files do, until it is disposed. */
export class ChangeFollower implements AsyncDisposable {
  readonly #options: FollowOptions;
  readonly #stopped = new AbortController();
  readonly #plugins = new Map<string, FileWatch>();
  readonly #loops: Promise<void>[] = [];

  private constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** @throws {Error} what the file system throws when the configuration file cannot be watched */
  static async start(options: FollowOptions): Promise<ChangeFollower> {
    const follower = new ChangeFollower(options);
    const watch = watchFiles(options.reconfiguration.running.document.file);
    follower.#follow(watch, async () => {
      await options.reconfiguration.apply();
      await follower.#watchPlugins();
    });
    await follower.#watchPlugins();
    return follower;
  }

  /** Resolves when what a change has set off is over. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#loops);
  }

  /** Watches the plugins that there are now. */
  async #watchPlugins(): Promise<void> {
    const plugins = this.#options.host.list();
    const keys = new Set(plugins.map(keyOf));
    for (const [key, watch] of this.#plugins) {
      if (keys.has(key)) continue;
      watch[Symbol.dispose]();
      this.#plugins.delete(key);
    }
    for (const plugin of plugins) if (!this.#plugins.has(keyOf(plugin))) await this.#watchPlugin(plugin);
  }

  async #watchPlugin(plugin: PluginStatus): Promise<void> {
    const { host, logger } = this.#options;
    try {
      const root = await rootOf(plugin, this.#options);
      const watch = watchFiles(root);
      this.#plugins.set(keyOf(plugin), watch);
      this.#follow(watch, async () => {
        const now = host.list().find(({ name }) => name === plugin.name);
        if (now === undefined || now.hash === (await hashPlugin(root))) return;
        await host.reload(plugin.name);
      });
    } catch (error) {
      logger.warn("Cannot watch a plugin's files", { plugin: plugin.name, error });
    }
  }

  #follow(watch: FileWatch, act: () => Promise<void>): void {
    const { signal } = this.#stopped;
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve(), { once: true });
    const run = async (): Promise<void> => {
      for (;;) {
        await Promise.race([watch.changed(), stopped.promise]);
        if (signal.aborted) return watch[Symbol.dispose]();
        await act().catch((error: unknown) => this.#tell(error));
      }
    };
    this.#loops.push(run());
  }

  #tell(error: unknown): void {
    const { logger } = this.#options;
    // Each plugin has told of itself already.
    if (hasCode(error, "HOST_APPLY_FAILED")) return;
    logger.error("A change cannot be taken up, and all goes on as it was", {
      code: errorTypeOf(error),
      error,
    });
  }
}

/** What is watched for an entry; another entry of the same name may be another plugin. */
function keyOf({ name, use }: PluginStatus): string {
  return `${name} ${use}`;
}
