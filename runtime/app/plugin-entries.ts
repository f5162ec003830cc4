import type { TelegraphistConfig } from "../../config/index.ts";
import { parseAccountName, parsePluginName } from "../contract/index.ts";
import type { PluginEntry } from "../host/index.ts";
import { definedOf } from "./defined.ts";

/** The configuration's plugins as the host takes them: names checked, accounts filled in. */
export function pluginEntriesOf(
  config: Pick<TelegraphistConfig, "accounts" | "plugins">,
): readonly PluginEntry[] {
  const everyAccount = Object.keys(config.accounts);
  return Object.entries(config.plugins).map(([name, plugin]) => ({
    name: parsePluginName(name),
    use: plugin.use ?? name,
    enabled: plugin.enabled,
    accounts: (plugin.accounts ?? everyAccount).map(parseAccountName),
    allow: definedOf(plugin.allow),
    deny: definedOf(plugin.deny),
    config: plugin.config,
    isolation: plugin.isolation,
    trusted: plugin.trusted,
  }));
}
