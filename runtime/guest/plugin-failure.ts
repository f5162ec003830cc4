import {
  type ErrorRecord,
  type PluginFailed,
  type PluginName,
  TelegraphistError,
  toTelegraphistError,
} from "../contract/index.ts";

/**
 * What may be told of a plugin's error. What its handlers throw may quote a message, so of an unknown error there only
 * the class and the place are told.
 */
export function failureRecord(
  thrown: unknown,
  plugin: PluginName,
  phase: PluginFailed["phase"],
): ErrorRecord {
  if (thrown instanceof TelegraphistError) return thrown.toJSON();
  const fallback = {
    code: `PLUGIN_${phase.toUpperCase()}_FAILED`,
    category: "PLUGIN",
    action: `Cannot finish ${phase} of plugin "${plugin}"`,
  } as const;
  const mayQuote = phase === "handler" || phase === "schedule";
  return toTelegraphistError(mayQuote ? placeOf(thrown) : thrown, fallback).toJSON();
}

function placeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `something of type ${typeof thrown} was thrown`;
  const frame = thrown.stack?.split("\n").find((line) => /^\s+at /.test(line));
  return frame === undefined ? thrown.name : `${thrown.name} ${frame.trim()}`;
}
