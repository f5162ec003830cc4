import { checkPluginConfig, configError, loadPlugin, manifestOf } from "../guest/index.ts";
import type { PluginModule } from "./plugin-module.ts";
import type { PluginEntry } from "./ports.ts";

/**
 * A plugin that runs in the program's own process, with everything in its reach.
 *
 * @throws {TelegraphistError} what `loadPlugin` throws
 */
export async function loadInline(entry: PluginEntry, path: string): Promise<PluginModule> {
  const plugin = await loadPlugin(path);
  return {
    manifest: manifestOf(plugin),
    async setUp({ contextOf }) {
      const check = await checkPluginConfig(plugin, entry.config);
      if (!check.ok) throw configError(entry.name, check.issues);
      await plugin.setup(contextOf(check.config));
      return null;
    },
  };
}
