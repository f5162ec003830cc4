import { type PluginName, TelegraphistError } from "../contract/index.ts";

/** @param what what it did not do in its time */
export function tooSlow(plugin: PluginName, what: string, timeoutMs: number): TelegraphistError {
  return new TelegraphistError({
    code: "PLUGIN_SETUP_TIMEOUT",
    category: "PLUGIN",
    message: `Cannot start plugin "${plugin}" as it did not ${what}: no end after ${timeoutMs} ms`,
  });
}
