import { TelegraphistError } from "../contract/index.ts";
import type { FloodGate } from "./flood/flood-gate.ts";

/** What is called on the way to Telegram, beside the calls that go through flood control. */
const methods: readonly string[] = ["invokeWithLayer", "updates.getState"];

/**
 * Takes a step on the way to Telegram, unless it wants the account to wait. A wait that it names then is flood control's,
 * which tells it, counts it, and keeps it over a restart.
 *
 * @throws {TelegraphistError} `FLOOD_WAIT`; what the step throws
 */
export async function heedingFloods<T>(
  gate: Pick<FloodGate, "learn" | "requireFree">,
  step: () => Promise<T>,
): Promise<T> {
  for (const method of methods) gate.requireFree(method);
  try {
    return await step();
  } catch (error) {
    if (error instanceof TelegraphistError && typeof error.data.method === "string") {
      await gate.learn(error, { method: error.data.method, chatId: null });
    }
    throw error;
  }
}
