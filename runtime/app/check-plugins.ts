import { type ConfigPath, type ConfigProblem, shownPath, unknownKey } from "../../config/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { parsePluginName, TelegraphistError } from "../contract/index.ts";
import { findPlugin, inspectPlugin, policyOf } from "../host/index.ts";
import { descriptionSiteOf } from "./describe-plugin.ts";
import type { ReadConfig } from "./read-config.ts";

/**
 * What is wrong with the plugins' entries that only the plugins themselves can tell: a module that is not there, and
 * settings that its schema refuses. Each is asked in a process that can do nothing but read the plugin's own files.
 */
export async function checkPlugins(
  read: ReadConfig,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ConfigProblem[]> {
  const { config, document } = read;
  const site = descriptionSiteOf(read, { env, logger: createLogger({ level: "error" }) });
  const timeoutMs = config.limits.setupTimeoutMs;
  const enabled = Object.entries(config.plugins).filter(([, plugin]) => plugin.enabled);
  const problems = await Promise.all(
    enabled.map(async ([key, { use = key, config: settings, trusted }]): Promise<ConfigProblem[]> => {
      const problemAt = (path: ConfigPath, message: string): ConfigProblem => ({
        file: document.file,
        ...document.locate(path),
        path: shownPath(path),
        message,
      });
      try {
        const name = parsePluginName(key);
        const policy = await policyOf(
          { name, use, trusted },
          await findPlugin(use, site.baseFolder, site.pluginFolder),
          site,
        );
        const { issues } = await inspectPlugin({
          ...{ policy, timeoutMs, logger: site.logger, config: { value: settings } },
        });
        return (issues ?? []).map(({ knownKeys, message, path }) => {
          const whole = ["plugins", key, "config", ...path];
          return knownKeys === undefined ? problemAt(whole, message) : unknownKey(document, whole, knownKeys);
        });
      } catch (error) {
        if (!(error instanceof TelegraphistError)) throw error;
        return [problemAt(["plugins", key, "use"], error.message)];
      }
    }),
  );
  return problems.flat().toSorted((a, b) => a.line - b.line || a.column - b.column);
}
