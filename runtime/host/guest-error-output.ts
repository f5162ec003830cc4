import type { Logger } from "../../telemetry/index.ts";
import { systemClock } from "../scope/index.ts";

const maxLineLength = 4_000;
const linesAtOnce = 100;
const pauseMs = 1_000;

/**
 * Logs what a plugin's process writes to standard error: what Bun says of a module, or of its own end. More than so many
 * lines a second wait in the pipe, and the plugin with them.
 */
export async function logErrorOutput(output: ReadableStream<Uint8Array>, logger: Logger): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  let lines = 0;
  for await (const chunk of output) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = (parts.pop() ?? "").slice(0, maxLineLength);
    for (const line of parts) {
      if (line.trim() === "") continue;
      logger.warn("Plugin wrote to standard error", { line: line.slice(0, maxLineLength) });
      lines++;
    }
    if (lines < linesAtOnce) continue;
    lines = 0;
    await systemClock.sleep(pauseMs);
  }
  if (rest.trim() !== "") logger.warn("Plugin wrote to standard error", { line: rest });
}
