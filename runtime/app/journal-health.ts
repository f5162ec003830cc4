import { instruments, observeGauges } from "../../telemetry/index.ts";
import type { JournalReport } from "../admin/index.ts";
import type { Clock } from "../contract/index.ts";
import type { JournalBacklog } from "../storage/index.ts";

/** What waits in the journal, and what was put aside. */
export interface JournalStock {
  readonly backlogs: readonly JournalBacklog[];
  readonly deadLetters: number;
}

/** From where on what waits is not well; those of the program are in `config/thresholds`. */
export interface JournalLimits {
  readonly unhandledEvents: number;
  readonly oldestUnhandledMs: number;
  readonly deadLetters: number;
}

/** Judges what waits. */
export function journalHealth(stock: JournalStock, nowMs: number, limits: JournalLimits): JournalReport {
  const { backlogs, deadLetters } = stock;
  const plugins = backlogs.map(({ plugin, unhandled, oldestAtMs }) => ({
    plugin,
    unhandled,
    oldestAgeMs: oldestAtMs === null ? null : Math.max(0, nowMs - oldestAtMs),
  }));
  return { plugins, deadLetters, problem: problemOf({ plugins, deadLetters }, limits) };
}

function problemOf(
  { plugins, deadLetters }: Omit<JournalReport, "problem">,
  limits: JournalLimits,
): string | null {
  for (const { plugin, oldestAgeMs, unhandled } of plugins) {
    if (oldestAgeMs !== null && oldestAgeMs > limits.oldestUnhandledMs) {
      const minutes = Math.floor(oldestAgeMs / 60_000);
      return `Plugin "${plugin}" has not handled an event that came ${minutes} minutes ago`;
    }
    if (unhandled > limits.unhandledEvents) return `Plugin "${plugin}" has ${unhandled} events to handle`;
  }
  return deadLetters > limits.deadLetters ? `${deadLetters} events were put aside as dead letters` : null;
}

/** Shows what waits as metrics, until the function that it returns is called. */
export function observeJournal(stock: () => Promise<JournalStock>, clock: Pick<Clock, "now">): () => void {
  const { journalUnhandled, journalAge, deadLetters } = instruments;
  return observeGauges([journalUnhandled, journalAge, deadLetters], async (observe) => {
    const { backlogs, deadLetters: letters } = await stock();
    for (const { plugin, unhandled, oldestAtMs } of backlogs) {
      observe(journalUnhandled, unhandled, { plugin });
      observe(journalAge, oldestAtMs === null ? 0 : clock.now() - oldestAtMs, { plugin });
    }
    observe(deadLetters, letters);
  });
}
