import { z } from "zod";

const dayMs = 86_400_000;

/** How fast an account has gone, over all campaigns; kept over restarts. */
export const paceSchema = z.strictObject({
  /** When people were contacted, the last 24 hours only. */
  contactedAtMs: z.array(z.number()),
  /** No call before this. */
  nextAtMs: z.number(),
  blocked: z.strictObject({ untilMs: z.number(), reason: z.string() }).nullable(),
});

export type Pace = z.output<typeof paceSchema>;

/** The pace of an account that has not begun. */
export const freshPace: Pace = { contactedAtMs: [], nextAtMs: 0, blocked: null };

/** After a call of any kind: the next one waits. */
export function spaced(pace: Pace, nowMs: number, spacingMs: number): Pace {
  return { ...pace, nextAtMs: Math.max(pace.nextAtMs, nowMs + spacingMs) };
}

/** After a person was contacted. */
export function contacted(pace: Pace, nowMs: number): Pace {
  return { ...pace, contactedAtMs: [...recentOf(pace, nowMs), nowMs] };
}

/** After Telegram asked for a pause. */
export function blocked(pace: Pace, untilMs: number, reason: string): Pace {
  if (pace.blocked !== null && pace.blocked.untilMs >= untilMs) return pace;
  return { ...pace, blocked: { untilMs, reason } };
}

/** When the rolling 24 hours have room for one more person; not after `nowMs` when they have it now. */
export function capOpensAt(pace: Pace, dailyCap: number, nowMs: number): number {
  const recent = recentOf(pace, nowMs);
  const oldestThatCounts = recent[recent.length - dailyCap];
  return oldestThatCounts === undefined ? nowMs : oldestThatCounts + dayMs;
}

function recentOf({ contactedAtMs }: Pace, nowMs: number): readonly number[] {
  return contactedAtMs.filter((atMs) => atMs > nowMs - dayMs).sort((a, b) => a - b);
}
