import type { Clock, Log, TransferProgress } from "telegraphist";

const fromBytes = 8 * 1024 * 1024;
const everyMs = 5000;

/** Makes a listener that logs a large download's progress, at most every 5 s; small ones it keeps quiet about. */
export function progressLog(
  log: Log,
  clock: Pick<Clock, "now">,
  about: Readonly<Record<string, string>>,
): (progress: TransferProgress) => void {
  let lastMs = clock.now();
  return ({ totalBytes, transferredBytes }) => {
    const nowMs = clock.now();
    if (totalBytes < fromBytes || nowMs - lastMs < everyMs) return;
    lastMs = nowMs;
    const percent = Math.floor((transferredBytes / totalBytes) * 100);
    log.info("downloading", { ...about, transferredBytes, totalBytes, percent });
  };
}
