import { type PluginName, TelegraphistError } from "../contract/index.ts";
import type { SandboxExit, SandboxLimits } from "../sandbox/index.ts";
import type { WireCode } from "../wire/index.ts";

/** Codes of the reasons for which a plugin's process ends by itself, or is ended. */
export const processEnds = [
  "PLUGIN_CRASHED",
  "PLUGIN_MEMORY_EXCEEDED",
  "PLUGIN_PROCESSES_EXCEEDED",
  "PLUGIN_UNRESPONSIVE",
  "WIRE_MALFORMED",
  "WIRE_TOO_LARGE",
  "WIRE_OUT_OF_TURN",
  "WIRE_CREDIT_EXCEEDED",
] as const satisfies readonly (GuestCode | WireCode)[];

type GuestCode =
  | "PLUGIN_CRASHED"
  | "PLUGIN_CRASH_LOOP"
  | "PLUGIN_MEMORY_EXCEEDED"
  | "PLUGIN_PROCESSES_EXCEEDED"
  | "PLUGIN_STOPPED"
  | "PLUGIN_UNRESPONSIVE";

/** The reason why a plugin's process ended that was not told to. */
export function endOf(
  plugin: PluginName,
  { exitCode, signal, exceeded }: SandboxExit,
  limits: SandboxLimits,
): TelegraphistError {
  switch (exceeded) {
    case "memory":
      return guestError(
        "PLUGIN_MEMORY_EXCEEDED",
        plugin,
        `it took more than ${Math.round(limits.memoryBytes / 1024 ** 2)} MiB of memory (limits.plugin.memoryBytes)`,
      );
    case "processes":
      return guestError("PLUGIN_PROCESSES_EXCEEDED", plugin, `it made more than ${limits.processes} threads`);
    case null:
      return guestError(
        "PLUGIN_CRASHED",
        plugin,
        signal === null ? `it ended with code ${exitCode}` : `${signal} ended it`,
      );
    default:
      return exceeded satisfies never;
  }
}

/** @param reason state after the colon */
export function guestError(
  code: GuestCode,
  plugin: PluginName,
  reason: string,
  cause?: unknown,
): TelegraphistError {
  return new TelegraphistError({
    code,
    category: "PLUGIN",
    message: `Cannot keep plugin "${plugin}" running: ${reason}`,
    data: { plugin },
    cause,
  });
}

/** The reason why a plugin does not start where nothing could hold it, and what a person may do. */
export function unheldError(plugin: PluginName, cause: unknown): TelegraphistError {
  const words = '"run plugins without any protection"';
  return new TelegraphistError({
    code: "HOST_SANDBOX_UNAVAILABLE",
    category: "CONFIG",
    message: `Cannot start plugin "${plugin}" as this system cannot hold it: set plugins.${plugin}.trusted to true if you trust its code, or sandbox.whenUnavailable to ${words}`,
    data: { plugin },
    cause,
  });
}
