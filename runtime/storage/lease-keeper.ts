import type { Logger } from "../../telemetry/index.ts";
import { type Clock, TelegraphistError } from "../contract/index.ts";
import { type LeaseSubject, wholeDatabase } from "./lease-subject.ts";
import type { SessionLease, SessionLeaseRepository } from "./session-leases.ts";

export interface LeaseKeeperOptions {
  readonly leases: SessionLeaseRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For how long a lease holds when it is not renewed; it is renewed five times in that time. @default 45_000 */
  readonly durationMs?: number;
}

export interface TakeOptions {
  /** For how long to wait for a program that has it; may be `Infinity`. @default 0 */
  readonly waitMs?: number;
  readonly signal: AbortSignal;
  /** Called with `LEASE_HELD` when a wait begins, and when it goes on for another program. */
  readonly onWait?: (held: TelegraphistError) => void;
}

/** A session, or the database, that this program and no other may use. */
export interface SessionHold {
  /**
   * Whether it may be used at this moment, without a look at the database: it was renewed a short time ago. It ends in
   * two thirds of the lease's time; the last third is for clocks that differ.
   */
  readonly isFresh: boolean;
  /** Aborted with `LEASE_LOST` once another program has taken it. */
  readonly lost: AbortSignal;
  /** Makes it fresh. @throws {TelegraphistError} `LEASE_LOST`, and what the database throws */
  ensure(): Promise<void>;
  /** Gives it back; a second call does nothing. */
  release(): Promise<void>;
}

/** How often whoever waits looks again. */
const lookEveryMs = 500;
const renewalsInTime = 5;

/**
 * Holds the database and sessions for this program, and renews its leases for as long as it holds any. A program that stood still for
 * longer than its lease finds itself without: it is not fresh, `ensure` throws, and the database refuses its writes.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #durationMs: number;
  readonly #held = new Map<LeaseSubject, Hold>();
  #renewing: AbortController | null = null;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#durationMs = options.durationMs ?? 45_000;
  }

  /**
   * Takes a session or the database. One whose owner may be dead, as it is on another host, is waited for until its lease ends.
   *
   * @throws {TelegraphistError} `LEASE_HELD` with who holds it since when; `CANCELLED`
   */
  async take(subject: LeaseSubject, { waitMs = 0, signal, onWait }: TakeOptions): Promise<SessionHold> {
    const { clock, leases, logger } = this.#options;
    let untilMs: number | null = null;
    let waitedForFence: number | null = null;
    for (;;) {
      const answer = await leases.take(subject, this.#durationMs);
      if (answer.state === "taken") return this.#hold(answer.lease);
      const { isAlive, lease } = answer;
      const nowMs = clock.now();
      if (untilMs === null) {
        const leftMs = Math.min(lease.expiresAtMs - nowMs, this.#durationMs);
        untilMs = nowMs + Math.max(waitMs, isAlive ? 0 : leftMs);
      }
      if (nowMs >= untilMs) throw leaseHeld(lease);
      if (waitedForFence !== lease.fence) {
        waitedForFence = lease.fence;
        const { host, pid } = lease.owner;
        logger.warn(`${nameOf(subject)} is waited for, as another program holds it`, { subject, host, pid });
        onWait?.(leaseHeld(lease));
      }
      await clock.sleep(Math.min(untilMs - nowMs, lookEveryMs), { signal });
    }
  }

  #hold({ subject, expiresAtMs }: SessionLease): SessionHold {
    const hold = new Hold({
      isFresh: (endsAtMs) => this.#options.clock.now() < endsAtMs - this.#durationMs / 3,
      renew: () => this.#renew(),
      release: () => this.#release(subject, hold),
      expiresAtMs,
    });
    this.#held.set(subject, hold);
    if (this.#renewing === null) {
      this.#renewing = new AbortController();
      void this.#keepRenewing(this.#renewing.signal);
    }
    return hold;
  }

  async #keepRenewing(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await clock.sleep(this.#durationMs / renewalsInTime, { signal });
        await this.#renew();
      } catch (error) {
        // What cannot be renewed is not fresh in time, and nothing goes out.
        if (!signal.aborted) logger.error("The leases of the sessions could not be renewed", { error });
      }
    }
  }

  async #renew(): Promise<void> {
    // What is taken while this goes on is not among the answers, and needs no renewal.
    const held = new Map(this.#held);
    const { leases } = this.#options;
    const ends = await leases.renew(this.#durationMs);
    // Who has lost the database has no business with its sessions, also where nobody has taken these yet.
    const hasLostAll = held.has(wholeDatabase) && !ends.has(wholeDatabase);
    for (const [subject, hold] of held) {
      const endsAtMs = ends.get(subject);
      if (hasLostAll && endsAtMs !== undefined) await leases.release(subject);
      if (hasLostAll || endsAtMs === undefined) await this.#lose(subject, hold);
      else hold.renewed(endsAtMs);
    }
  }

  async #lose(subject: LeaseSubject, hold: Hold): Promise<void> {
    const { leases, logger } = this.#options;
    const lease = await leases.find(subject);
    const error = leaseLost(subject, lease ?? (await leases.find(wholeDatabase)));
    if (!this.#forget(subject, hold)) return;
    logger.error(`${nameOf(subject)} was taken over by another program`, { subject, error });
    hold.lose(error);
  }

  async #release(subject: LeaseSubject, hold: Hold): Promise<void> {
    if (this.#forget(subject, hold)) await this.#options.leases.release(subject);
  }

  #forget(subject: LeaseSubject, hold: Hold): boolean {
    if (this.#held.get(subject) !== hold) return false;
    this.#held.delete(subject);
    if (this.#held.size === 0) {
      this.#renewing?.abort();
      this.#renewing = null;
    }
    return true;
  }
}

interface HoldPort {
  readonly isFresh: (endsAtMs: number) => boolean;
  readonly renew: () => Promise<void>;
  readonly release: () => Promise<void>;
  readonly expiresAtMs: number;
}

class Hold implements SessionHold {
  readonly #port: HoldPort;
  readonly #lost = new AbortController();
  #endsAtMs: number;

  constructor(port: HoldPort) {
    this.#port = port;
    this.#endsAtMs = port.expiresAtMs;
  }

  get isFresh(): boolean {
    return !this.lost.aborted && this.#port.isFresh(this.#endsAtMs);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async ensure(): Promise<void> {
    this.lost.throwIfAborted();
    if (!this.isFresh) await this.#port.renew();
    this.lost.throwIfAborted();
  }

  release(): Promise<void> {
    return this.#port.release();
  }

  renewed(endsAtMs: number): void {
    this.#endsAtMs = endsAtMs;
  }

  lose(error: TelegraphistError): void {
    this.#lost.abort(error);
  }
}

function leaseHeld({ subject, owner, takenAtMs, expiresAtMs }: SessionLease): TelegraphistError {
  const { host, pid } = owner;
  const since = new Date(takenAtMs).toISOString();
  return new TelegraphistError({
    code: "LEASE_HELD",
    category: "STORAGE",
    retryable: true,
    message:
      subject === wholeDatabase
        ? `Cannot run on the database: process ${pid} on "${host}" has run on it since ${since}; is Telegraphist ` +
          "running twice? Stop that program, or wait for it by --wait"
        : `Cannot use the session of "${subject}": process ${pid} on "${host}" has had it since ${since}; stop that program first`,
    data: { subject, host, pid, takenAtMs, expiresAtMs },
  });
}

function leaseLost(subject: LeaseSubject, successor: SessionLease | null): TelegraphistError {
  const whose =
    successor === null
      ? "another program had it meanwhile"
      : `process ${successor.owner.pid} on "${successor.owner.host}" has it since ${new Date(successor.takenAtMs).toISOString()}`;
  return new TelegraphistError({
    code: "LEASE_LOST",
    category: "STORAGE",
    // Once it is free again, a lease of its own opens the way.
    retryable: true,
    message:
      subject === wholeDatabase
        ? `Cannot go on with the database: ${whose}`
        : `Cannot go on with the session of "${subject}": ${whose}`,
    data: { subject },
  });
}

function nameOf(subject: LeaseSubject): string {
  return subject === wholeDatabase ? "The database" : "The session";
}
