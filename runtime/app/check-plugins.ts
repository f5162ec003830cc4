import {
  type ConfigDocument,
  type ConfigPath,
  type ConfigProblem,
  shownPath,
  type TelegraphistConfig,
  unknownKey,
} from "../../config/index.ts";
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
      const problemAt = (path: ConfigPath, message: string): ConfigProblem => ({
        file: document.file,
        ...document.locate(path),
        path: shownPath(path),
        message,
      });
      try {
        const plugin = await loadPlugin(await findPlugin(use, baseFolder));
        const check = await checkPluginConfig(plugin, settings);
        if (check.ok) return [];
        return check.issues.map(({ knownKeys, message, path }) => {
          const whole = ["plugins", name, "config", ...path];
          return knownKeys === undefined ? problemAt(whole, message) : unknownKey(document, whole, knownKeys);
        });
      } catch (error) {
        if (!(error instanceof TelegraphistError)) throw error;
        return [problemAt(["plugins", name, "use"], error.message)];
      }
    }),
  );
  return problems.flat().toSorted((a, b) => a.line - b.line || a.column - b.column);
}
