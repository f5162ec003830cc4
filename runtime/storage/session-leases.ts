import { and, eq, gt, isNotNull, sql } from "drizzle-orm";
import { parseAccountName } from "../contract/index.ts";
import type { Database, Queries } from "./database.ts";
import { type LeaseOwner, lookAfter, thisProcess } from "./lease-owner.ts";
import { type LeaseSubject, wholeDatabase } from "./lease-subject.ts";
import { sessionLeases } from "./schema/session-leases.ts";

/** The right of one program to use a session, or to run on the database. */
export interface SessionLease {
  readonly subject: LeaseSubject;
  /** Above that of every owner before. */
  readonly fence: number;
  readonly owner: LeaseOwner;
  readonly takenAtMs: number;
  /** Who does not renew it by then has lost it to whoever asks next. */
  readonly expiresAtMs: number;
}

/** What came of asking for a session. */
export type LeaseAnswer =
  | { readonly state: "taken"; readonly lease: SessionLease }
  /** @property isAlive `false` when it cannot be told, as its owner is on another host */
  | { readonly state: "held"; readonly lease: SessionLease; readonly isAlive: boolean };

/**
 * Which program runs on the database, and which uses which session: one at a time each. Two would hand the same events to
 * their plugins, and Telegram ends a session that two use.
 */
export interface SessionLeaseRepository {
  /** What this program's leases have as their owner's id. */
  readonly ownerId: string;
  /**
   * Takes what is free, whose lease is over, or whose owner is dead. From then on this database connection writes nothing
   * of the session, or nothing at all where it was the database, once another has taken it: `LEASE_LOST`.
   */
  take(subject: LeaseSubject, durationMs: number): Promise<LeaseAnswer>;
  /** Renews all that this program holds. @returns the ends of those that it still holds */
  renew(durationMs: number): Promise<ReadonlyMap<LeaseSubject, number>>;
  /** Gives it back, if it is still held. */
  release(subject: LeaseSubject): Promise<void>;
  find(subject: LeaseSubject): Promise<SessionLease | null>;
  /** All that are not over, and whose owner is not known to be dead; that of the database comes first. */
  list(): Promise<readonly SessionLease[]>;
}

export function createSessionLeaseRepository(
  database: Database,
  now: () => number,
  own: LeaseOwner = thisProcess(),
): SessionLeaseRepository {
  const isOwn = eq(sessionLeases.ownerId, own.id);
  return {
    ownerId: own.id,

    take: (subject, durationMs) =>
      database.transact("sessionLeases.take", (queries): LeaseAnswer => {
        const row = rowOf(queries, subject);
        const former = row === undefined ? null : leaseOf(row);
        const nowMs = now();
        if (former !== null && former.owner.id !== own.id && former.expiresAtMs > nowMs) {
          const life = lookAfter(former.owner, own);
          if (life !== "gone") return { state: "held", lease: former, isAlive: life === "alive" };
        }
        const lease = {
          ...{ subject, owner: own, fence: (row?.fence ?? 0) + 1 },
          ...{ takenAtMs: nowMs, expiresAtMs: nowMs + durationMs },
        };
        write(queries, lease);
        return { state: "taken", lease };
      }),

    renew: (durationMs) =>
      database.transact("sessionLeases.renew", (queries) => {
        const expiresAtMs = now() + durationMs;
        const renewed = queries.update(sessionLeases).set({ expiresAtMs }).where(isOwn).returning().all();
        return new Map(renewed.map(({ account }) => [parseSubject(account), expiresAtMs]));
      }),

    release: (subject) =>
      database.transact("sessionLeases.release", (queries) => {
        const isIt = and(eq(sessionLeases.account, subject), isOwn);
        queries.update(sessionLeases).set({ ownerId: null }).where(isIt).run();
      }),

    find: (subject) =>
      database.run("sessionLeases.find", (queries) => {
        const row = rowOf(queries, subject);
        return row === undefined ? null : leaseOf(row);
      }),

    list: () =>
      database.run("sessionLeases.list", (queries) => {
        const isHeld = and(isNotNull(sessionLeases.ownerId), gt(sessionLeases.expiresAtMs, now()));
        const rows = queries.select().from(sessionLeases).where(isHeld).orderBy(sessionLeases.account).all();
        const leases = rows.flatMap((row) => leaseOf(row) ?? []);
        return leases.filter(({ owner }) => lookAfter(owner, own) !== "gone");
      }),
  };
}

type Row = typeof sessionLeases.$inferSelect;

function rowOf(queries: Queries, subject: LeaseSubject): Row | undefined {
  return queries.select().from(sessionLeases).where(eq(sessionLeases.account, subject)).get();
}

function parseSubject(text: string): LeaseSubject {
  return text === wholeDatabase ? wholeDatabase : parseAccountName(text);
}

/** `null` for one that its owner has given back. */
function leaseOf({ account, fence, ownerId, takenAtMs, expiresAtMs, ...owner }: Row): SessionLease | null {
  if (ownerId === null) return null;
  return {
    subject: parseSubject(account),
    fence,
    owner: { id: ownerId, ...owner },
    takenAtMs,
    expiresAtMs,
  };
}

function write(queries: Queries, { subject, owner, ...times }: SessionLease): void {
  const { id: ownerId, ...process } = owner;
  const row = { account: subject, ownerId, ...process, ...times };
  queries
    .insert(sessionLeases)
    .values(row)
    .onConflictDoUpdate({ target: sessionLeases.account, set: row })
    .run();
  queries.run(sql`INSERT OR REPLACE INTO held_leases (account, fence) VALUES (${subject}, ${times.fence})`);
}
