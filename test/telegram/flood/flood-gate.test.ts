import { describe, expect, test } from "bun:test";
import type { FloodWaiting } from "../../../runtime/contract/index.ts";
import { parseAccountName } from "../../../runtime/contract/index.ts";
import { createHandClock } from "../../../runtime/scope/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import { rpcError } from "../../../runtime/telegram/errors.ts";
import { FloodGate } from "../../../runtime/telegram/flood/flood-gate.ts";
import { silent } from "../support/mtproto-rig.ts";
import { memoryStorage } from "../support/storage.ts";

const me = { name: parseAccountName("me"), userId: null };
const send = "messages.sendMessage";
const floodOf = (text: string) => rpcError({ rpcCode: 420, text, method: send });

function gateOver(storage: Storage, clock = createHandClock(1_000_000)) {
  const events: FloodWaiting[] = [];
  const gate = new FloodGate({
    account: () => me,
    waits: storage.floodWaits,
    clock,
    logger: silent,
    onWaiting: (event) => events.push(event),
  });
  const pass = (method: string, timeMs: number, signal = new AbortController().signal) =>
    gate.pass({ method, chatId: null, deadlineMs: clock.now() + timeMs, signal });
  return { gate, clock, events, pass };
}

describe("FloodGate.pass()", () => {
  test("holds the method until the wait is over, and no other method", async () => {
    await using storage = await memoryStorage();
    const { gate, clock, pass } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), send, null);
    await pass("messages.getHistory", 1000);
    let passed = false;
    const held = pass(send, 60_000).then(() => {
      passed = true;
    });
    await clock.advance(29_999);
    expect(passed).toBe(false);
    await clock.advance(1);
    await held;
    expect(passed).toBe(true);
  });

  test("refuses at once when the wait does not fit the call's time", async () => {
    await using storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), send, null);
    await expect(pass(send, 10_000)).rejects.toMatchObject({
      code: "FLOOD_WAIT",
      retryable: true,
      data: { waitMs: 30_000 },
    });
  });

  test("refuses to invite after PEER_FLOOD, however long the call may take", async () => {
    await using storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await gate.learn(rpcError({ rpcCode: 400, text: "PEER_FLOOD", method: send }), send, null);
    await expect(pass("channels.inviteToChannel", Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: "PEER_FLOOD",
      category: "FLOOD_BLOCK",
    });
  });

  test("ends when the signal is aborted", async () => {
    await using storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), send, null);
    const controller = new AbortController();
    const held = pass(send, 60_000, controller.signal);
    controller.abort();
    await expect(held).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

describe("FloodGate.load()", () => {
  test("takes up what an earlier run learnt", async () => {
    await using storage = await memoryStorage();
    const before = gateOver(storage);
    await before.gate.learn(floodOf("FLOOD_WAIT_30"), send, null);
    const after = gateOver(storage, before.clock);
    await after.gate.load();
    await expect(after.pass(send, 10_000)).rejects.toMatchObject({ code: "FLOOD_WAIT" });
  });
});

describe("FloodGate.learn()", () => {
  test("tells of a wait by an event", async () => {
    await using storage = await memoryStorage();
    const { gate, events } = gateOver(storage);
    await gate.learn(floodOf("FLOOD_WAIT_30"), send, null);
    expect(events).toMatchObject([{ type: "flood.waiting", account: me, method: send, waitMs: 30_000 }]);
  });

  test("changes nothing for other errors", async () => {
    await using storage = await memoryStorage();
    const { gate, events, pass } = gateOver(storage);
    await gate.learn(rpcError({ rpcCode: 400, text: "MESSAGE_EMPTY", method: send }), send, null);
    await pass(send, 1000);
    expect(events).toEqual([]);
  });

  test("holds the wait though it cannot be saved", async () => {
    const storage = await memoryStorage();
    const { gate, pass } = gateOver(storage);
    await storage.close();
    await gate.learn(floodOf("FLOOD_WAIT_30"), send, null);
    await expect(pass(send, 1000)).rejects.toMatchObject({ code: "FLOOD_WAIT" });
  });
});
