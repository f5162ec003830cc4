import type { ReadConfig } from "../app/index.ts";
import { hasCode } from "../contract/index.ts";
import { askProgram } from "./running-program.ts";

/** A plugin as the program that runs tells of it. */
export interface RunningPlugin {
  readonly name: string;
  readonly state: string;
  readonly isolation: "process" | "inline";
  /** Its process, while it has one. */
  readonly process: { readonly pid: number; readonly level: string } | null;
  readonly error: { readonly message: string } | null;
}

/**
 * What the program that runs says of its plugins; nothing when none runs.
 *
 * @throws {TelegraphistError} what else the program answers with
 */
export async function runningPlugins(
  read: Pick<ReadConfig, "config" | "baseFolder">,
): Promise<readonly RunningPlugin[]> {
  try {
    // The program of the same version answers; its API is checked against this shape.
    const { plugins } = (await askProgram(read, "GET", "/api/plugins")) as {
      readonly plugins: readonly RunningPlugin[];
    };
    return plugins;
  } catch (error) {
    if (hasCode(error, "CLI_NOT_RUNNING")) return [];
    throw error;
  }
}
