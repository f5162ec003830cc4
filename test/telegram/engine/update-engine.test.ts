import { describe, expect, test } from "bun:test";
import { TelegraphistError } from "../../../runtime/contract/index.ts";
import type { EventBatch } from "../../../runtime/telegram/engine/event-batch.ts";
import { UpdateEngine } from "../../../runtime/telegram/engine/update-engine.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { createUpdateTranslator } from "../../../runtime/telegram/updates/update-translator.ts";
import { openOffline } from "../support/offline.ts";
import { ann, tlMessage } from "../support/tl.ts";

const state = { pts: 10, qts: 0, date: 1_000, seq: 0 };

/** A container with one message, which takes the account's count to that number. */
function pushOf(pts: number): Api.Updates {
  const update = new Api.UpdateNewMessage({ message: tlMessage({ id: pts }), pts, ptsCount: 1 });
  return new Api.Updates({ updates: [update], users: [ann], chats: [], date: 1_000, seq: 0 });
}

/** An engine that knows where it stands and whose line is down. */
async function openEngine(commit: (batch: EventBatch) => Promise<void>, maxWaiting?: number) {
  const offline = await openOffline();
  const { rpc, peers, storage, clock, logger } = offline;
  const { name: account } = rpc.account;
  await storage.updateStates.apply(account, { account: state, channels: new Map(), forgotten: [] });
  const engine = new UpdateEngine({
    ...{ account, rpc, clock, logger, commit, peers: peers.store, states: storage.updateStates },
    translator: createUpdateTranslator({ rpc, peers, logger }),
    ...(maxWaiting !== undefined && { maxWaiting }),
  });
  await engine.start();
  return {
    engine,
    offline,
    clock,
    [Symbol.asyncDispose]: async () => {
      await engine.stop();
      await offline[Symbol.asyncDispose]();
    },
  };
}

const numbersOf = (batches: readonly EventBatch[]) =>
  batches.map(({ events }) =>
    events.map((event): string => ("messageId" in event ? event.messageId : event.type)),
  );

describe("UpdateEngine", () => {
  test("has what comes in one turn kept together, with the state that it leads to", async () => {
    const batches: EventBatch[] = [];
    await using it = await openEngine(async (batch) => void batches.push(batch));
    for (const pts of [11, 12, 13]) it.engine.push(pushOf(pts));
    await it.engine.stop();
    expect(numbersOf(batches)).toEqual([["11", "12", "13"]]);
    expect(batches[0]?.state).toMatchObject({ account: { pts: 13 } });
    expect(it.engine.stats).toMatchObject({ updates: 3, events: 3, lost: 0 });
  });

  test.each([
    { when: "the session is another program's", code: "LEASE_LOST" },
    { when: "the database is closed", code: "STORAGE_CLOSED" },
  ])("tries no batch again once $when", async ({ code }) => {
    let commits = 0;
    await using it = await openEngine(async () => {
      commits += 1;
      throw new TelegraphistError({ code, category: "STORAGE", message: "Cannot write" });
    });
    it.engine.push(pushOf(11));
    await it.engine.idle();
    expect(commits).toBe(1);
    expect(it.offline.lines.join()).not.toContain("Events could not be kept");
  });

  test("gives a batch again that could not be kept, before anything that follows", async () => {
    const kept: EventBatch[] = [];
    const failed = Promise.withResolvers<void>();
    let failures = 0;
    await using it = await openEngine(async (batch) => {
      if (failures++ < 2) {
        failed.resolve();
        throw new Error("the disk is full");
      }
      kept.push(batch);
    });
    it.engine.push(pushOf(11));
    await failed.promise;
    it.engine.push(pushOf(12));
    await it.clock.advance(10_000);
    await it.engine.stop();
    expect(numbersOf(kept)).toEqual([["11"], ["12"]]);
    expect(it.offline.lines.join()).toContain("Events could not be kept and wait");
  });

  test("keeps nothing behind a batch that could not be kept when it stops", async () => {
    const kept: EventBatch[] = [];
    const failed = Promise.withResolvers<void>();
    await using it = await openEngine(async (batch) => {
      if (kept.length === 0 && batch.events.length === 1) {
        failed.resolve();
        throw new Error("the disk is full");
      }
      kept.push(batch);
    });
    it.engine.push(pushOf(11));
    await failed.promise;
    for (const pts of [12, 13]) it.engine.push(pushOf(pts));
    await it.engine.stop();
    it.engine.push(pushOf(14));
    expect(kept).toEqual([]);
  });

  test("forgets what waits when there is too much of it, and asks for it", async () => {
    const batches: EventBatch[] = [];
    await using it = await openEngine(async (batch) => void batches.push(batch), 3);
    for (const pts of [11, 12, 13, 14]) it.engine.push(pushOf(pts));
    await it.clock.advance(0);
    expect(it.offline.refused).toContain("updates.GetDifference");
    await it.engine.stop();
    expect(it.engine.stats).toMatchObject({ forgotten: 3, lost: 0, paused: 1 });
    // What was forgotten is not covered by any state that was kept.
    expect(batches.flatMap(({ state }) => state.account?.pts ?? [])).toEqual([]);
  });

  test("asks half a second after a gap", async () => {
    await using it = await openEngine(async () => undefined);
    const asked = () => it.offline.refused.filter((name) => name === "updates.GetDifference").length;
    it.engine.push(pushOf(12));
    await it.clock.advance(499);
    expect(asked()).toBe(0);
    await it.clock.advance(1);
    expect(asked()).toBe(1);
  });

  test("asks after a quarter of an hour of silence", async () => {
    await using it = await openEngine(async () => undefined);
    it.engine.push(pushOf(11));
    await it.clock.advance(15 * 60_000 - 1);
    expect(it.offline.refused).toEqual([]);
    await it.clock.advance(1);
    expect(it.offline.refused).toEqual(["updates.GetDifference"]);
  });
});
