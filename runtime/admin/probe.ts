import { errorTypeOf } from "../../telemetry/index.ts";

export interface ProbeOptions {
  readonly now: () => number;
  /** An answer is given again for this time: `/health` is open to all, and a look reads the disk. @default 5000 */
  readonly keepMs?: number;
  /** @default 2000 */
  readonly deadlineMs?: number;
}

/**
 * Makes a look at something slow that never throws, never hangs, and never runs twice at once.
 *
 * @param onFailure what to give for a look that threw or was late, from an error code
 */
export function createProbe<Report>(
  look: () => Promise<Report>,
  onFailure: (problem: string) => Report,
  { now, keepMs = 5000, deadlineMs = 2000 }: ProbeOptions,
): () => Promise<Report> {
  let last: { readonly atMs: number; readonly report: Promise<Report> } | undefined;

  async function probe(): Promise<Report> {
    const late = Promise.withResolvers<Report>();
    const timer = setTimeout(() => late.resolve(onFailure("ADMIN_TIMEOUT")), deadlineMs);
    return Promise.race([look(), late.promise])
      .catch((error: unknown) => onFailure(errorTypeOf(error)))
      .finally(() => clearTimeout(timer));
  }

  return () => {
    if (last === undefined || now() - last.atMs >= keepMs) last = { atMs: now(), report: probe() };
    return last.report;
  };
}
