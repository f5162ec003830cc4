import type { Logger } from "../../telemetry/index.ts";
import { type PluginName, TelegraphistError } from "../contract/index.ts";
import { type Manifest, type PluginConfigIssue, readConfigIssues, readManifest } from "../guest/index.ts";
import { withDeadline } from "../scope/index.ts";
import { wireError } from "../wire/index.ts";
import { guestError } from "./guest-end.ts";
import { type GuestPolicyOptions, inspectingLaunch } from "./guest-policy.ts";
import { GuestProcess } from "./guest-process.ts";
import { hashPlugin } from "./plugin-hash.ts";

/** What a plugin says of itself and of its settings. */
export interface Inspection {
  readonly manifest: Manifest;
  /** What its schema refuses of the settings that were asked about; `null` when none were. */
  readonly issues: readonly PluginConfigIssue[] | null;
}

export interface InspectOptions {
  readonly policy: GuestPolicyOptions;
  readonly logger: Logger;
  /** Settings for its schema to check. */
  readonly config?: { readonly value: unknown };
  /** Time for all of it. */
  readonly timeoutMs: number;
}

/** What plugins said of themselves, by their files' content: a plugin is asked again when it has changed. */
const known = new Map<string, Manifest>();
const maxKnown = 100;

/**
 * What a plugin says of itself, asked for once as long as its files stay the same.
 *
 * @throws {TelegraphistError} what `inspectPlugin` and `hashPlugin` throw
 */
export async function manifestOfFiles(options: Omit<InspectOptions, "config">): Promise<Manifest> {
  return known.get(await keyOf(options.policy)) ?? (await inspectPlugin(options)).manifest;
}

/**
 * Loads a plugin's module in a process that can read the plugin's own files and nothing else, asks it what it is, and
 * ends it. No code of the plugin runs in this process.
 *
 * @throws {TelegraphistError} what `loadPlugin` throws there, `PLUGIN_INVALID`, or why the process ended
 */
export async function inspectPlugin({
  policy,
  logger,
  config,
  timeoutMs,
}: InspectOptions): Promise<Inspection> {
  const { plugin, files } = policy;
  const key = await keyOf(policy);
  const launch = await inspectingLaunch(policy);
  const refuse = () => wireError("WIRE_OUT_OF_TURN", "a plugin that is only looked at may not call");
  const process = await GuestProcess.launch({
    ...{ plugin, launch, logger },
    serve: () => {
      throw refuse();
    },
    onTold: (topic) => {
      if (topic !== "log") throw refuse();
    },
  });
  try {
    return await withDeadline(
      async () => {
        const manifest = readManifest((await process.call("load", [files.module])).value);
        remember(key, manifest);
        if (config === undefined) return { manifest, issues: null };
        const { value } = await process.call("check", [config.value]);
        return { manifest, issues: readConfigIssues(value) };
      },
      { timeoutMs, onTimeout: () => tooSlow(plugin, timeoutMs) },
    );
  } finally {
    process.end(guestError("PLUGIN_STOPPED", plugin, "it was only looked at"));
    await process.ended;
  }
}

async function keyOf({ files }: GuestPolicyOptions): Promise<string> {
  return `${files.module} ${await hashPlugin(files.root)}`;
}

function remember(key: string, manifest: Manifest): void {
  known.set(key, manifest);
  const [oldest] = known.keys();
  if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
}

function tooSlow(plugin: PluginName, timeoutMs: number): TelegraphistError {
  return new TelegraphistError({
    code: "PLUGIN_SETUP_TIMEOUT",
    category: "PLUGIN",
    message: `Cannot look at plugin "${plugin}" as it did not load its module: no end after ${timeoutMs} ms`,
  });
}
