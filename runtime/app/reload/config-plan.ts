import type { TelegraphistConfig } from "../../../config/index.ts";
import type { PluginPin } from "../../host/index.ts";
import { compareGrants, type GrantChange, type GrantedRequest } from "../../permissions/index.ts";
import { definedOf } from "../defined.ts";
import { changedKeys, type KeyChange } from "./config-keys.ts";

/** A configuration, and what its plugins are. */
export interface ConfigState {
  readonly config: TelegraphistConfig;
  /** By their names; one that was never looked at is not here. */
  readonly pins: ReadonlyMap<string, PluginPin>;
}

/** What becomes of one plugin. */
export interface PluginPlan {
  readonly name: string;
  readonly change: "added" | "removed" | "enabled" | "disabled" | "changed";
  readonly version: { readonly before: string | null; readonly after: string | null };
  /** Whether its files are others. */
  readonly isCodeChanged: boolean;
  /** What it may do then and may not now, and the other way round. */
  readonly widened: readonly GrantChange[];
  readonly narrowed: readonly GrantChange[];
  /** Keys of its entry. */
  readonly keys: readonly KeyChange[];
}

/** What is between two states of the program. */
export interface ConfigPlan {
  readonly isEmpty: boolean;
  readonly plugins: readonly PluginPlan[];
  /** What a running program cannot take up. */
  readonly restart: readonly KeyChange[];
}

/** Says what changes. @param before `null` when nothing ran yet */
export function planOf(before: ConfigState | null, after: ConfigState): ConfigPlan {
  const { plugins: _, ...rest } = after.config;
  const { plugins: __ = {}, ...restBefore } = before?.config ?? {};
  const names = new Set([...Object.keys(after.config.plugins), ...Object.keys(before?.config.plugins ?? {})]);
  const plugins = [...names].flatMap((name) => pluginPlanOf(name, before, after));
  const restart = before === null ? [] : changedKeys(restBefore, rest);
  return { isEmpty: plugins.length === 0 && restart.length === 0, plugins, restart };
}

function pluginPlanOf(name: string, before: ConfigState | null, after: ConfigState): readonly PluginPlan[] {
  const was = before?.config.plugins[name];
  const is = after.config.plugins[name];
  const wasPin = before?.pins.get(name);
  const isPin = after.pins.get(name);
  const keys = was === undefined || is === undefined ? [] : changedKeys(was, is, ["plugins", name]);
  const isCodeChanged = wasPin !== undefined && isPin !== undefined && wasPin.hash !== isPin.hash;
  const change = changeOf(was, is, keys.length > 0 || isCodeChanged);
  if (change === null) return [];
  const version = { before: wasPin?.version ?? null, after: isPin?.version ?? null };
  const grants = compareGrants(grantsOf(was, wasPin), grantsOf(is, isPin));
  return [{ name, change, version, isCodeChanged, keys, ...grants }];
}

type Entry = TelegraphistConfig["plugins"][string] | undefined;

function changeOf(was: Entry, is: Entry, isChanged: boolean): PluginPlan["change"] | null {
  if (was === undefined) return is === undefined ? null : "added";
  if (is === undefined) return "removed";
  if (was.enabled !== is.enabled) return is.enabled ? "enabled" : "disabled";
  return isChanged ? "changed" : null;
}

function grantsOf(entry: Entry, pin: PluginPin | undefined): GrantedRequest {
  if (entry?.enabled !== true || pin === undefined) return { requested: {}, allow: {}, deny: {} };
  return { requested: pin.requested, allow: definedOf(entry.allow), deny: definedOf(entry.deny) };
}
