import { sep } from "node:path";
import { checkPluginConfig, configError, loadPlugin, manifestOf } from "../guest/index.ts";
import { realPathOf } from "./grants.ts";
import { hashPlugin } from "./plugin-hash.ts";
import type { PluginModule } from "./plugin-module.ts";
import type { PluginEntry } from "./ports.ts";

/**
 * A plugin that runs in the program's own process, with everything in its reach. Its files are read anew each time.
 *
 * @param root what belongs to the plugin: its folder, or the file that it is
 * @throws {TelegraphistError} what `hashPlugin` and `loadPlugin` throw
 */
export async function loadInline(entry: PluginEntry, path: string, root: string): Promise<PluginModule> {
  const hash = await hashPlugin(root);
  forgetModules(await realPathOf(root));
  const plugin = await loadPlugin(path);
  return {
    manifest: manifestOf(plugin),
    hash,
    async setUp({ contextOf }) {
      const check = await checkPluginConfig(plugin, entry.config);
      if (!check.ok) throw configError(entry.name, check.issues);
      await plugin.setup(contextOf(check.config));
      return null;
    },
  };
}

/** Has the next import run the plugin's own modules again; in Bun this list has those of `import` too. */
function forgetModules(root: string): void {
  const inFolder = root + sep;
  const installed = `${sep}node_modules${sep}`;
  for (const path of Object.keys(require.cache)) {
    const isOwn =
      path === root || (path.startsWith(inFolder) && !path.slice(root.length).includes(installed));
    if (isOwn) delete require.cache[path];
  }
}
