import { nextOpening, type WeeklyHours } from "telegraphist";
import { z } from "zod";
import { capOpensAt, type Pace } from "./pace.ts";
import type { PersonRef } from "./peer-ref.ts";
import type { Verdict } from "./verdict.ts";

const pending = z.strictObject({
  state: z.literal("pending"),
  attempts: z.number(),
  notBeforeMs: z.number(),
  /** Adding was refused by privacy settings; only the link is left to try. */
  needsLink: z.boolean(),
});
const sendingLink = z.strictObject({ state: z.literal("sending-link"), atMs: z.number() });
const done = z.strictObject({
  state: z.enum(["invited", "already", "link-sent", "refused", "failed", "duplicate"]),
  atMs: z.number(),
  reason: z.string().nullable(),
});

/** Where one person stands; all but `pending` and `sending-link` are final. */
export const personStateSchema = z.discriminatedUnion("state", [pending, sendingLink, done]);

export type PersonState = z.output<typeof personStateSchema>;
export type Pending = z.output<typeof pending>;

/** Doubled for each try after the first. */
const firstRetryMs = 300_000;

/** The state of a person who has not been tried. */
export const freshPerson: Pending = { state: "pending", attempts: 0, notBeforeMs: 0, needsLink: false };

/** What the campaign does next. */
export type Step =
  | { readonly step: "contact"; readonly person: PersonRef; readonly state: Pending }
  | { readonly step: "wait"; readonly untilMs: number; readonly reason: string }
  | { readonly step: "finish" };

export interface CampaignBounds {
  readonly dailyCap: number;
  readonly activeHours?: WeeklyHours | undefined;
}

/** Decides what to do at a time; a person who is in no state yet is pending. */
export function nextStep(
  people: readonly PersonRef[],
  stateOf: (person: PersonRef) => PersonState | undefined,
  pace: Pace,
  { activeHours, dailyCap }: CampaignBounds,
  nowMs: number,
): Step {
  const open = people.flatMap((person) => {
    const state = stateOf(person) ?? freshPerson;
    return state.state === "pending" ? [{ person, state }] : [];
  });
  const [first] = open;
  if (first === undefined) return { step: "finish" };
  if (pace.blocked !== null && pace.blocked.untilMs > nowMs) {
    return { step: "wait", untilMs: pace.blocked.untilMs, reason: pace.blocked.reason };
  }
  const capMs = capOpensAt(pace, dailyCap, nowMs);
  if (capMs > nowMs) return { step: "wait", untilMs: capMs, reason: "daily cap" };
  const openingMs = activeHours === undefined ? nowMs : (nextOpening(activeHours, nowMs) ?? Infinity);
  if (openingMs > nowMs) return { step: "wait", untilMs: openingMs, reason: "active hours" };
  if (pace.nextAtMs > nowMs) return { step: "wait", untilMs: pace.nextAtMs, reason: "spacing" };
  const earliest = open.reduce(
    (best, each) => (each.state.notBeforeMs < best.state.notBeforeMs ? each : best),
    first,
  );
  if (earliest.state.notBeforeMs > nowMs) {
    return { step: "wait", untilMs: earliest.state.notBeforeMs, reason: "retry" };
  }
  return { step: "contact", ...earliest };
}

/** Where a person stands after a try. @param before as the book has them now, `tried` as they were before the try */
export function stateAfter(
  verdict: Verdict,
  before: PersonState,
  {
    maxAttempts,
    nowMs,
    tried,
  }: { readonly maxAttempts: number; readonly nowMs: number; readonly tried: Pending },
): PersonState {
  // What was refused while a link was being sent has not been sent: the link is what is left to try.
  const open: Pending =
    before.state === "pending" ? before : { ...tried, needsLink: before.state === "sending-link" };
  switch (verdict.verdict) {
    case "invited":
    case "already":
    case "link-sent":
    case "duplicate":
      return { state: verdict.verdict, atMs: nowMs, reason: null };
    case "link-instead":
    case "refused":
      return { state: "refused", atMs: nowMs, reason: verdict.reason };
    case "uncertain":
      return { state: "failed", atMs: nowMs, reason: `unconfirmed: ${verdict.reason}` };
    case "pause":
    case "stop":
      return open;
    case "retry": {
      const attempts = open.attempts + 1;
      if (attempts >= maxAttempts) return { state: "failed", atMs: nowMs, reason: verdict.reason };
      return { ...open, attempts, notBeforeMs: nowMs + firstRetryMs * 2 ** open.attempts };
    }
    default:
      return verdict satisfies never;
  }
}

/**
 * What a run finds where the last one ended in the middle of sending a link: it may have arrived, and nobody is written
 * to twice.
 */
export function afterRestart(state: PersonState): PersonState {
  if (state.state !== "sending-link") return state;
  return { state: "link-sent", atMs: state.atMs, reason: "unconfirmed" };
}
