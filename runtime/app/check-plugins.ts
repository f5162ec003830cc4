import type { ConfigDocument, ConfigProblem, TelegraphistConfig } from "../../config/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import { checkPluginConfig, findPlugin, loadPlugin } from "../host/index.ts";

/** A configuration that could be read, with the places of what is in it. */
export interface ReadConfig {
  readonly config: TelegraphistConfig;
  readonly document: ConfigDocument;
  readonly baseFolder: string;
}

/**
 * What is wrong with the plugins' entries that only the plugins themselves can tell: a module that is not there, and
 * settings that its schema refuses. Nothing is started.
 */
export async function checkPlugins({
  config,
  document,
  baseFolder,
}: ReadConfig): Promise<readonly ConfigProblem[]> {
  const enabled = Object.entries(config.plugins).filter(([, plugin]) => plugin.enabled);
  const problems = await Promise.all(
    enabled.map(async ([name, { use = name, config: settings }]): Promise<ConfigProblem[]> => {
      const problemAt = (path: readonly (string | number)[], message: string): ConfigProblem => ({
        file: document.file,
        ...document.locate(path),
        path: path.join("."),
        message,
      });
      try {
        const plugin = await loadPlugin(await findPlugin(use, baseFolder));
        const check = await checkPluginConfig(plugin, settings);
        return check.ok
          ? []
          : check.issues.map((issue) => problemAt(["plugins", name, "config", ...issue.path], issue.message));
      } catch (error) {
        if (!(error instanceof TelegraphistError)) throw error;
        return [problemAt(["plugins", name, "use"], error.message)];
      }
    }),
  );
  return problems.flat();
}
