import { closeSync } from "node:fs";
import { type ErrorData, TelegraphistError } from "../contract/index.ts";
import type { LaunchReport, LaunchRequest } from "./launch-request.ts";

/**
 * Sends the request to the launcher and waits until the channel ends, which the execution of the guest does.
 *
 * @param descriptor the host's end of the channel; it is closed
 * @returns the level that the kernel enforces on the guest
 * @throws {TelegraphistError} `SANDBOX_LAUNCH_FAILED` when a step was refused, or the launcher ended before the last
 */
export async function converse(descriptor: number, request: LaunchRequest): Promise<string> {
  const channel = Bun.file(descriptor);
  try {
    await Bun.write(channel, `${JSON.stringify(request)}\n`);
    return levelIn(await channel.text());
  } catch (error) {
    throw error instanceof TelegraphistError ? error : launchFailed("the launcher ended early", {}, error);
  } finally {
    closeSync(descriptor);
  }
}

/** The level, from all that the launcher said. */
function levelIn(text: string): string {
  // The other end is our own launcher as long as the channel is open; the guest never has it.
  const reports = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as LaunchReport]));
  const refusal = reports.find((report) => report.state === "refused");
  if (refusal !== undefined) {
    const { step, errorNumber } = refusal;
    throw launchFailed(`the kernel refuses to ${step}`, { step, errorNumber });
  }
  const held = reports.find((report) => report.state === "held");
  if (held === undefined) throw launchFailed("the launcher ended early");
  return held.level;
}

/** An error that says why a launch failed. */
export function launchFailed(state: string, data: ErrorData = {}, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "SANDBOX_LAUNCH_FAILED",
    category: "PLUGIN",
    message: `Cannot run a script in the sandbox: ${state}`,
    data,
    cause,
  });
}
