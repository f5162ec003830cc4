import { resolve } from "node:path";
import { checkText } from "../../../config/index.ts";
import { type Host, lockFileName, type PluginPin, readLock, requirePin } from "../../host/index.ts";
import { type DescriptionSite, describePlugin, descriptionSiteOf } from "../describe-plugin.ts";
import type { ReadConfig } from "../read-config.ts";
import { readApplied } from "./applied-file.ts";
import type { ConfigState } from "./config-plan.ts";

type Shell = Pick<DescriptionSite, "env" | "logger">;

/**
 * A configuration as it would run: its plugins are looked at, and not run.
 *
 * @throws {TelegraphistError} what `describePlugin` throws, and `HOST_REQUESTS_WIDENED` for a plugin that would not start
 */
export async function wantedState(
  read: Pick<ReadConfig, "config" | "baseFolder">,
  shell: Shell,
): Promise<ConfigState> {
  const { config } = read;
  const site = descriptionSiteOf(read, shell);
  const enabled = Object.entries(config.plugins).filter(([, { enabled }]) => enabled);
  const pins = await Promise.all(
    enabled.map(async ([name, { use = name }]) => [name, (await describePlugin(use, site)).pin] as const),
  );
  const lock = await readLock(lockFileOf(read));
  for (const [name, pin] of pins) requirePin(lock, name, pin);
  return { config, pins: new Map(pins) };
}

/** What runs. */
export function runningState(config: ReadConfig["config"], host: Pick<Host, "list">): ConfigState {
  const pins = host.list().flatMap(({ name, use, version, hash, requested }) => {
    if (version === null || hash === null) return [];
    return [[name, { use, version, hash, requested } satisfies PluginPin] as const];
  });
  return { config, pins: new Map<string, PluginPin>(pins) };
}

/**
 * What ran last, by what was kept of it; `null` when nothing did.
 *
 * @throws {TelegraphistError} what `readLock` throws
 */
export async function lastState(
  read: ReadConfig,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConfigState | null> {
  const text = await readApplied(read);
  // By the place of the present one, from which its relative paths were taken; variables are as they are now.
  const result = text === null ? null : checkText(read.document.file, text, env);
  if (result?.ok !== true) return null;
  return { config: result.config, pins: await readLock(lockFileOf(read)) };
}

function lockFileOf({ baseFolder }: Pick<ReadConfig, "baseFolder">): string {
  return resolve(baseFolder, lockFileName);
}
