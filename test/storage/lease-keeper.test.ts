import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createHandClock } from "../../runtime/scope/index.ts";
import { LeaseKeeper, openStorage, wholeDatabase } from "../../runtime/storage/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { me, newVault, other, temporaryFolder } from "./fixture.ts";

const durationMs = 45_000;
const { signal } = new AbortController();

/** Two programs on one database by one clock that is turned by hand. */
async function twoKeepers() {
  await using made = new AsyncDisposableStack();
  const folder = made.use(await temporaryFolder());
  const clock = createHandClock(1_000_000);
  const lines: string[] = [];
  const logger = createLogger({ level: "debug", format: "json", write: (line) => lines.push(line) });
  const vault = newVault();
  const open = async () => {
    const path = join(folder.path, "db.sqlite");
    const storage = made.use(await openStorage({ path, vault, now: () => clock.now() }));
    const leases = storage.sessionLeases;
    /** Its process stands still: nothing is renewed. */
    const paused = { is: false };
    const renew: typeof leases.renew = async (ms) =>
      paused.is ? Promise.reject(new Error("it stands still")) : leases.renew(ms);
    const keeper = new LeaseKeeper({ leases: { ...leases, renew }, clock, logger, durationMs });
    return { keeper, leases, paused };
  };
  const [one, two] = [await open(), await open()];
  const owned = made.move();
  return { one, two, clock, lines, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("LeaseKeeper", () => {
  test("holds a session for as long as it is not given back", async () => {
    await using keepers = await twoKeepers();
    const { one, two, clock } = keepers;
    const hold = await one.keeper.take(me, { signal });
    await clock.advance(10 * durationMs);
    expect(hold.isFresh).toBe(true);
    expect(hold.lost.aborted).toBe(false);
    await expect(two.keeper.take(me, { signal })).rejects.toMatchObject({
      code: "LEASE_HELD",
      message: expect.stringMatching(/process \d+ on ".+" has had it since 1970-01-01T00:16:40.000Z/),
    });
    await hold.release();
    await hold.release();
    await (await two.keeper.take(me, { signal })).release();
    expect(clock.sleeping).toBe(0);
  });

  test("waits for a program that ends in time", async () => {
    await using keepers = await twoKeepers();
    const { one, two, clock, lines } = keepers;
    const hold = await one.keeper.take(me, { signal });
    const waiting = two.keeper.take(me, { waitMs: 30_000, signal });
    await clock.advance(20_000);
    await hold.release();
    await clock.advance(500);
    await (await waiting).release();
    expect(lines.filter((line) => line.includes("is waited for"))).toHaveLength(1);
  });

  test("waits for as long as it takes, and tells for whom", async () => {
    await using keepers = await twoKeepers();
    const { one, two, clock } = keepers;
    const hold = await one.keeper.take(me, { signal });
    const held: unknown[] = [];
    const waitMs = Number.POSITIVE_INFINITY;
    const waiting = two.keeper.take(me, { waitMs, signal, onWait: ({ code }) => held.push(code) });
    await clock.advance(20 * durationMs);
    await hold.release();
    const again = await one.keeper.take(me, { signal });
    await clock.advance(durationMs);
    await again.release();
    await clock.advance(500);
    await (await waiting).release();
    expect(held).toEqual(["LEASE_HELD", "LEASE_HELD"]);
    expect(clock.sleeping).toBe(0);
  });

  test("gives up waiting at its time, or when it is told to", async () => {
    await using keepers = await twoKeepers();
    const { one, two, clock } = keepers;
    const hold = await one.keeper.take(me, { signal });
    const late = two.keeper.take(me, { waitMs: 30_000, signal }).catch((error: unknown) => error);
    await clock.advance(30_000);
    expect(await late).toMatchObject({ code: "LEASE_HELD" });
    const stop = new AbortController();
    const stopped = two.keeper.take(me, { waitMs: 30_000, signal: stop.signal }).catch((error) => error);
    await clock.advance(0);
    stop.abort();
    expect(await stopped).toMatchObject({ code: "CANCELLED" });
    await hold.release();
  });

  test("tells a program that stood still that its session is gone, before it goes on", async () => {
    await using keepers = await twoKeepers();
    const { one, two, clock } = keepers;
    const hold = await one.keeper.take(me, { signal });
    const kept = await one.keeper.take(other, { signal });
    one.paused.is = true;
    await clock.advance((durationMs * 2) / 3);
    expect(hold.isFresh).toBe(false);
    await clock.advance(durationMs / 3);
    const taken = await two.keeper.take(me, { signal });
    one.paused.is = false;
    await expect(hold.ensure()).rejects.toMatchObject({
      code: "LEASE_LOST",
      message: expect.stringMatching(/process \d+ on ".+" has it since/),
    });
    expect(hold.isFresh).toBe(false);
    expect(hold.lost.reason).toMatchObject({ code: "LEASE_LOST" });
    await kept.ensure();
    expect(kept.isFresh).toBe(true);
    expect(taken.isFresh).toBe(true);
    for (const each of [hold, kept, taken]) await each.release();
  });

  test("loses all with the database, also sessions that nobody has taken yet", async () => {
    await using keepers = await twoKeepers();
    const { one, two, clock } = keepers;
    const database = await one.keeper.take(wholeDatabase, { signal });
    const session = await one.keeper.take(me, { signal });
    one.paused.is = true;
    await clock.advance(durationMs);
    const successor = await two.keeper.take(wholeDatabase, { signal });
    one.paused.is = false;
    await expect(session.ensure()).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(database.lost.aborted).toBe(true);
    expect(await two.keeper.take(me, { signal })).toMatchObject({ isFresh: true });
    await successor.release();
  });

  test("goes on when nobody took the session meanwhile", async () => {
    await using keepers = await twoKeepers();
    const { one, clock } = keepers;
    const hold = await one.keeper.take(me, { signal });
    one.paused.is = true;
    await clock.advance(10 * durationMs);
    await expect(hold.ensure()).rejects.toThrow("it stands still");
    one.paused.is = false;
    await hold.ensure();
    expect(hold.isFresh).toBe(true);
    await hold.release();
  });

  test("finds out by itself that a session is gone", async () => {
    await using keepers = await twoKeepers();
    const { one, two, clock, lines } = keepers;
    const hold = await one.keeper.take(me, { signal });
    one.paused.is = true;
    await clock.advance(durationMs);
    await (await two.keeper.take(me, { signal })).release();
    one.paused.is = false;
    await clock.advance(durationMs / 5);
    expect(hold.lost.aborted).toBe(true);
    expect(lines.join("")).toContain("The session was taken over by another program");
    expect(clock.sleeping).toBe(0);
  });
});
