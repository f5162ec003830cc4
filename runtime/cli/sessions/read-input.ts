import { UsageError } from "../command.ts";

/** More than a session string or a password has; the longest string has some 370 characters. */
const maxInputBytes = 4096;

/** What stands on standard input. @throws {UsageError} when that is more than any secret has */
export async function readInput(): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of Bun.stdin.stream()) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxInputBytes) throw new UsageError("Standard input holds more than is asked for");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
