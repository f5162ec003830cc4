import type { Logger } from "../../telemetry/index.ts";
import type { Clock } from "../contract/index.ts";
import { sleepUntil } from "../scope/index.ts";
import type { AccountSession } from "./session.ts";
import { SpareCare } from "./spare-care.ts";

export interface SessionCareOptions {
  readonly session: Pick<AccountSession, "createdAtMs" | "isLoggedOut" | "lastVerifiedAtMs">;
  /** Age at which the session is renewed; `null` for never. */
  readonly rotateAfterMs: number | null;
  /** Resolves when the account is connected; rejects when it will not be any more. */
  readonly reachable: (signal: AbortSignal) => Promise<void>;
  /** Ends what was left of a rotation that was cut short. */
  readonly endSpares: (signal: AbortSignal) => Promise<void>;
  readonly verify: (signal: AbortSignal) => Promise<void>;
  readonly rotate: (signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A number from 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/** When the session was last looked after, in vain or not. */
export interface CareTimes {
  readonly verifiedAtMs: number;
  readonly createdAtMs: number;
  readonly rotationTriedAtMs: number | null;
}

const verifyEveryMs = 3_600_000;
/** A rotation that failed wants a person, or better times. */
const rotationRetryMs = 86_400_000;
/** Accounts that were logged in together are not renewed together. */
const longestSpreadMs = 3_600_000;

/** When a session is to be verified, and when renewed. */
export function nextCare(
  { createdAtMs, rotationTriedAtMs, verifiedAtMs }: CareTimes,
  rotateAfterMs: number | null,
): { readonly verifyAtMs: number; readonly rotateAtMs: number } {
  const retryAtMs = rotationTriedAtMs === null ? 0 : rotationTriedAtMs + rotationRetryMs;
  return {
    verifyAtMs: verifiedAtMs + verifyEveryMs,
    rotateAtMs:
      rotateAfterMs === null ? Number.POSITIVE_INFINITY : Math.max(createdAtMs + rotateAfterMs, retryAtMs),
  };
}

/**
 * Looks after a session until the signal is aborted or the account is over: verifies it, renews it in time, and ends what
 * renewals leave, also when the session is over. None of the three holds up another, but that none is renewed while one
 * is left. Never rejects.
 */
export async function careForSession(options: SessionCareOptions, signal: AbortSignal): Promise<void> {
  const { clock, logger, random = Math.random, rotateAfterMs, session } = options;
  const spreadMs = Math.min(longestSpreadMs, (rotateAfterMs ?? 0) / 10) * random();
  const dueAfterMs = rotateAfterMs === null ? null : rotateAfterMs + spreadMs;
  const spares = new SpareCare(options);
  let verifyTriedAtMs = 0;
  let rotationTriedAtMs: number | null = null;
  for (;;) {
    try {
      await options.reachable(signal);
    } catch {
      // The account has come to its end, and has told why. A session beside its own would outlive it unseen.
      if (session.isLoggedOut && !signal.aborted) await spares.look(signal).catch(() => undefined);
      return;
    }
    const nowMs = clock.now();
    const verifiedAtMs = Math.max(session.lastVerifiedAtMs ?? 0, verifyTriedAtMs);
    const times = { createdAtMs: session.createdAtMs, rotationTriedAtMs, verifiedAtMs };
    const { verifyAtMs, ...next } = nextCare(times, dueAfterMs);
    const rotateAtMs = spares.isBehind ? Number.POSITIVE_INFINITY : next.rotateAtMs;
    try {
      if (spares.dueAtMs <= nowMs) {
        await spares.look(signal);
      } else if (rotateAtMs <= nowMs) {
        rotationTriedAtMs = nowMs;
        spares.lookNow();
        await options.rotate(signal);
        rotationTriedAtMs = null;
      } else if (verifyAtMs <= nowMs) {
        verifyTriedAtMs = nowMs;
        await options.verify(signal);
      } else {
        await sleepUntil(clock, Math.min(spares.dueAtMs, rotateAtMs, verifyAtMs), signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      logger.error("The session could not be looked after", { error });
    }
  }
}
