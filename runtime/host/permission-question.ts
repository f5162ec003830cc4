import type { PermissionName, PluginName } from "../contract/index.ts";

/** Something that a plugin asks for and that its entry neither allows nor denies. */
export interface PermissionQuestion {
  readonly plugin: PluginName;
  readonly permission: PermissionName;
  readonly entry: string;
}

/**
 * Asks a person whether a plugin may have something, for as long as the program runs; whoever answers for longer MUST
 * have written it down before this resolves.
 */
export type AskPermission = (question: PermissionQuestion) => Promise<boolean>;
