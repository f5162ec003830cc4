import { describe, expect, test } from "bun:test";
import {
  type AccountRestricted,
  type CallPriority,
  type FloodWaiting,
  parseAccountName,
  parseChatId,
  parseUserId,
} from "../../../runtime/contract/index.ts";
import { createHandClock, type HandClock } from "../../../runtime/scope/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import { rpcError } from "../../../runtime/telegram/errors.ts";
import type { QueuedCall } from "../../../runtime/telegram/flood/call-queue.ts";
import { FloodGate } from "../../../runtime/telegram/flood/flood-gate.ts";
import { silent } from "../support/mtproto-rig.ts";
import { memoryStorage } from "../support/storage.ts";

const me = { name: parseAccountName("me"), userId: parseUserId("1") };
const send = "messages.sendMessage";
const history = "messages.getHistory";
const invite = "channels.inviteToChannel";
const ada = parseChatId("42");
const grace = parseChatId("43");
const sending = { method: send, chatId: null };
const floodOf = (text: string) => rpcError({ rpcCode: 420, text, method: send });

/** @param writers who has written to the account */
function gateOver(storage: Storage, { clock = createHandClock(1_000_000), writers = [ada] } = {}) {
  const events: (FloodWaiting | AccountRestricted)[] = [];
  const gate = new FloodGate({
    account: () => me,
    waits: storage.floodWaits,
    clock,
    logger: silent,
    onEvent: (event) => events.push(event),
    hasWritten: async (chatId) => writers.includes(chatId),
  });
  const pass = (method: string, timeMs: number, more: Partial<QueuedCall> = {}) =>
    gate.pass({
      method,
      chatId: null,
      priority: "normal",
      sinceMs: clock.now(),
      deadlineMs: clock.now() + timeMs,
      signal: new AbortController().signal,
      ...more,
    });
  return { gate, clock, events, pass };
}

/** Spends all that the method may do at once. */
async function spendBurst(
  pass: (method: string, timeMs: number) => Promise<void>,
  method: string,
  count: number,
) {
  for (let call = 0; call < count; call += 1) await pass(method, 0);
}

/** Whether a promise has resolved, looked at when everything that can go on has. */
async function isDone(promise: Promise<void>, clock: HandClock): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await clock.advance(0);
  return done;
}

describe("FloodGate.pass()", () => {
  test("holds the method until the wait is over, and no other method", async () => {
    await using storage = await memoryStorage();
    const { gate, clock, pass } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), sending);
    await pass(history, 1000);
    const held = pass(send, 60_000);
    await clock.advance(29_999);
    expect(await isDone(held, clock)).toBe(false);
    await clock.advance(1);
    await held;
  });

  test("holds only the slow chat at a slow mode", async () => {
    await using storage = await memoryStorage();
    const { gate, clock, pass } = gateOver(storage);
    await gate.learn(floodOf("SLOWMODE_WAIT_30"), { method: send, chatId: ada });
    const slow = pass(send, 60_000, { chatId: ada });
    // It came later, and goes first all the same.
    await pass(send, 1000, { chatId: grace });
    expect(await isDone(slow, clock)).toBe(false);
    await clock.advance(30_000);
    await slow;
  });

  test("refuses at once when the wait does not fit the call's time", async () => {
    await using storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), sending);
    await expect(pass(send, 10_000)).rejects.toMatchObject({
      code: "FLOOD_WAIT",
      retryable: true,
      data: { waitMs: 30_000 },
    });
  });

  test("refuses those who wait already when a longer wait is learnt", async () => {
    await using storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), sending);
    const held = pass(send, 60_000);
    void gate.learn(floodOf("FLOOD_WAIT_300"), sending);
    await expect(held).rejects.toMatchObject({ code: "FLOOD_WAIT", data: { waitMs: 300_000 } });
  });

  test("goes at its own pace after a burst, and says when it cannot in time", async () => {
    await using storage = await memoryStorage();
    const { clock, pass } = gateOver(storage);
    await spendBurst(pass, history, 30);
    const next = pass(history, 60_000);
    expect(await isDone(next, clock)).toBe(false);
    await expect(pass(history, 1_500)).rejects.toMatchObject({
      code: "RPC_BUDGET_SPENT",
      retryable: true,
      data: { method: history, waitMs: 2000 },
    });
    await clock.advance(1_000);
    await next;
  });

  test("lets a person who waits go before an archive, but not for ever", async () => {
    await using storage = await memoryStorage();
    const { clock, pass } = gateOver(storage);
    await spendBurst(pass, history, 30);
    const order: string[] = [];
    const ask = (name: string, priority: CallPriority) =>
      void pass(history, 60_000, { priority }).then(() => order.push(name));
    ask("archive", "background");
    ask("plain", "normal");
    ask("answer", "interactive");
    await clock.advance(1_000);
    expect(order).toEqual(["answer"]);
    for (let second = 0; second < 25; second += 1) {
      ask("answer", "interactive");
      await clock.advance(1_000);
    }
    expect(order.filter((name) => name !== "answer")).toEqual(["plain", "archive"]);
    expect(order.indexOf("archive")).toBeGreaterThan(15);
  });

  test("refuses who is last when too many wait, and says what to do", async () => {
    await using storage = await memoryStorage();
    const { gate, clock, pass } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), { method: "users.getUsers", chatId: null });
    const outcomes = Array.from({ length: 1_000 }, () =>
      pass("users.getUsers", 120_000, { priority: "background" }),
    );
    const ends = Promise.allSettled(outcomes);
    await clock.advance(0);
    expect(gate.callsWaiting).toBe(1_000);
    await expect(pass("users.getUsers", 120_000, { priority: "background" })).rejects.toMatchObject({
      code: "RPC_QUEUE_FULL",
      retryable: true,
      message:
        'Cannot call "users.getUsers" as 1000 calls wait for their turn already: let some end before making more',
    });
    const answer = pass("users.getUsers", 120_000, { priority: "interactive" });
    await clock.advance(60_000);
    await answer;
    expect((await ends).filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(gate.callsWaiting).toBe(0);
  });

  test("ends when the signal is aborted", async () => {
    await using storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), sending);
    const controller = new AbortController();
    const held = pass(send, 60_000, { signal: controller.signal });
    controller.abort();
    await expect(held).rejects.toMatchObject({ code: "CANCELLED" });
    expect(gate.callsWaiting).toBe(0);
  });

  test("refuses what is unsolicited after PEER_FLOOD, and lets answers go", async () => {
    await using storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await gate.learn(floodOf("PEER_FLOOD"), { method: invite, chatId: null });
    const flagged = { code: "PEER_FLOOD", category: "FLOOD_BLOCK", data: { restriction: "unsolicited" } };
    await expect(pass(invite, 1e12)).rejects.toMatchObject(flagged);
    await expect(pass(send, 1e12, { chatId: grace })).rejects.toMatchObject(flagged);
    await pass(send, 1000, { chatId: ada });
    await pass(send, 1000, { chatId: parseChatId("1") });
    await pass(send, 1000, { chatId: parseChatId("-1001") });
  });

  test("refuses all writes of a frozen account for an hour, and lets it look", async () => {
    await using storage = await memoryStorage();
    const { gate, clock, pass } = gateOver(storage);
    await gate.learn(floodOf("FROZEN_METHOD_INVALID"), sending);
    await expect(pass(send, 1e12, { chatId: ada })).rejects.toMatchObject({
      code: "FROZEN_METHOD_INVALID",
      category: "FLOOD_BLOCK",
    });
    await pass(history, 1000);
    await clock.advance(3_600_000);
    await pass(send, 1000, { chatId: ada });
  });
});

describe("FloodGate.load()", () => {
  test("takes up what an earlier run learnt", async () => {
    await using storage = await memoryStorage();
    const before = gateOver(storage);
    await before.gate.learn(floodOf("FLOOD_WAIT_30"), sending);
    await before.gate.learn(floodOf("SLOWMODE_WAIT_60"), { method: send, chatId: ada });
    await before.gate.learn(floodOf("PEER_FLOOD"), { method: invite, chatId: null });
    const after = gateOver(storage, { clock: before.clock });
    await after.gate.load();
    await expect(after.pass(send, 10_000)).rejects.toMatchObject({ code: "FLOOD_WAIT" });
    await expect(after.pass(send, 50_000, { chatId: ada })).rejects.toMatchObject({
      data: { waitMs: 60_000 },
    });
    await expect(after.pass(invite, 1e12)).rejects.toMatchObject({ code: "PEER_FLOOD" });
    expect(after.gate.waits()).toEqual(before.gate.waits());
  });
});

describe("FloodGate.forget()", () => {
  test("lets another person's account do what was held, also after a restart", async () => {
    await using storage = await memoryStorage();
    const { gate, clock, pass } = gateOver(storage);
    await gate.learn(floodOf("PEER_FLOOD"), { method: invite, chatId: null });
    await gate.forget();
    await pass(invite, 0);
    const after = gateOver(storage, { clock });
    await after.gate.load();
    expect(after.gate.waits()).toEqual([]);
  });
});

describe("FloodGate.learn()", () => {
  test("tells of a wait by an event, once for all calls that were told it", async () => {
    await using storage = await memoryStorage();
    const { gate, events } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), sending);
    await gate.learn(floodOf("FLOOD_WAIT_30"), sending);
    expect(events).toMatchObject([{ type: "flood.waiting", account: me, method: send, waitMs: 30_000 }]);
  });

  test("tells of a restriction by an event of its own", async () => {
    await using storage = await memoryStorage();
    const { gate, events } = gateOver(storage);
    await gate.learn(floodOf("PEER_FLOOD"), { method: invite, chatId: null });
    const untilMs = 87_400_000;
    expect(events).toMatchObject([
      { type: "account.restricted", restriction: "unsolicited", untilMs, error: { code: "PEER_FLOOD" } },
    ]);
    expect(gate.waits()).toEqual([{ method: "unsolicited", untilMs, isRestriction: true }]);
  });

  test("makes the method slower for a while after a flood wait, and not after a slow mode", async () => {
    await using storage = await memoryStorage();
    const { gate, clock, pass } = gateOver(storage);
    await gate.learn(floodOf("SLOWMODE_WAIT_1"), { method: send, chatId: ada });
    await pass(send, 0, { chatId: grace });
    await gate.learn(floodOf("FLOOD_WAIT_1"), { method: history, chatId: null });
    await clock.advance(1_000);
    await pass(history, 0);
    await expect(pass(history, 1_000)).rejects.toMatchObject({ data: { waitMs: 1_500 } });
  });

  test("changes nothing for other errors", async () => {
    await using storage = await memoryStorage();
    const { gate, events, pass } = gateOver(storage);
    await gate.learn(rpcError({ rpcCode: 400, text: "MESSAGE_EMPTY", method: send }), sending);
    await pass(send, 1000);
    expect(events).toEqual([]);
    expect(gate.waits()).toEqual([]);
  });

  test("holds the wait though it cannot be saved", async () => {
    const storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await storage.close();
    await gate.learn(floodOf("FLOOD_WAIT_30"), sending);
    await expect(pass(send, 1000)).rejects.toMatchObject({ code: "FLOOD_WAIT" });
  });
});
