import { type PluginName, TelegraphistError } from "../contract/index.ts";
import { systemClock } from "../scope/index.ts";
import { guestError } from "./guest-end.ts";
import type { GuestProcess } from "./guest-process.ts";

export interface HeartbeatOptions {
  readonly plugin: PluginName;
  /** Time between two looks at the process. */
  readonly everyMs: number;
  /** Time for an answer. */
  readonly silenceMs: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Called after each answer. */
  readonly onBeat: () => void;
}

/** A program that stood still itself has lost one part of the wait, not all of it. */
const waitParts = 3;

/** Asks a plugin's process again and again whether its loop still turns, and ends it when it does not answer. */
export async function keepHeartbeat(process: GuestProcess, options: HeartbeatOptions): Promise<void> {
  const { plugin, everyMs, silenceMs, signal, onBeat } = options;
  while (await passes(everyMs, signal)) {
    if (process.isOver) return;
    const beat = process.call("ping", []).then(
      () => true,
      // Of a process that has ended the reason is known already.
      () => true,
    );
    let isAnswered = false;
    for (let part = 0; part < waitParts && !isAnswered && !signal.aborted; part++) {
      const waited = new AbortController();
      const late = passes(silenceMs / waitParts, AbortSignal.any([signal, waited.signal]));
      isAnswered = await Promise.race([beat, late.then(() => false)]);
      waited.abort();
    }
    if (signal.aborted) return;
    if (!isAnswered) {
      process.end(guestError("PLUGIN_UNRESPONSIVE", plugin, `it stood still for ${silenceMs} ms`));
      return;
    }
    await process.measure();
    onBeat();
  }
}

/** Whether the time has passed before the signal was aborted. */
async function passes(durationMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await systemClock.sleep(durationMs, { signal });
    return true;
  } catch (error) {
    if (error instanceof TelegraphistError) return false;
    throw error;
  }
}
