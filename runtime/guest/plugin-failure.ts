import {
  type ErrorData,
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
  const record = toTelegraphistError(mayQuote ? placeOf(thrown) : thrown, fallback).toJSON();
  return { ...record, data: systemFacts(thrown, { withPath: !mayQuote }) };
}

/** What an error of the system says of the call that failed: `EACCES`, `open`, and the path where that may be told. */
export function systemFacts(thrown: unknown, { withPath }: { readonly withPath: boolean }): ErrorData {
  if (!(thrown instanceof Error)) return {};
  const { code, syscall, path }: NodeJS.ErrnoException = thrown;
  if (typeof code !== "string") return {};
  return {
    systemCode: code,
    ...(typeof syscall === "string" && { systemCall: syscall }),
    ...(withPath && typeof path === "string" && { systemPath: path }),
  };
}

function placeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `something of type ${typeof thrown} was thrown`;
  const frame = thrown.stack?.split("\n").find((line) => /^\s+at /.test(line));
  return frame === undefined ? thrown.name : `${thrown.name} ${frame.trim()}`;
}
