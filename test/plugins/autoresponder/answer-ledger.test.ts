import { beforeEach, describe, expect, test } from "bun:test";
import { parseAccountName, parseChatId, parseMessageId } from "telegraphist";
import { AnswerLedger, type Claim, type Refusal } from "../../../plugins/autoresponder/answer-ledger.ts";
import { createHandClock, type HandClock } from "../../../runtime/scope/index.ts";
import { openPluginStore, type PluginStoreFixture } from "../plugin-store.ts";

const hourMs = 3_600_000;
const account = parseAccountName("me");
const place = (chat: string, message: string) => ({
  account,
  chatId: parseChatId(chat),
  messageId: parseMessageId(message),
});

let clock: HandClock;

beforeEach(() => {
  clock = createHandClock(Date.parse("2026-03-02T12:00:00Z"));
});

const openLedger = (store: PluginStoreFixture, maxAnswersPerHour = 10) =>
  AnswerLedger.open({ storeView: store.storeView, clock }, maxAnswersPerHour);

const isClaim = (claim: Claim | Refusal): claim is Claim => typeof claim !== "string";

describe("AnswerLedger.claim()", () => {
  test("is given once for a message, over restarts", async () => {
    await using store = await openPluginStore(clock.now);
    const ledger = await openLedger(store);
    expect(isClaim(await ledger.claim(place("42", "1"), 0, clock.now()))).toBe(true);
    expect(await ledger.claim(place("42", "1"), 0, clock.now())).toBe("answered before");
    const again = await openLedger(store);
    expect(await again.claim(place("42", "1"), 0, clock.now())).toBe("answered before");
    expect(isClaim(await again.claim(place("42", "2"), 0, clock.now()))).toBe(true);
  });

  test("keeps the cooldown of each chat, over restarts", async () => {
    await using store = await openPluginStore(clock.now);
    const ledger = await openLedger(store);
    await ledger.claim(place("42", "1"), hourMs, clock.now());
    await clock.advance(hourMs - 1);
    const again = await openLedger(store);
    expect(await again.claim(place("42", "2"), hourMs, clock.now())).toBe("cooldown");
    expect(isClaim(await again.claim(place("43", "2"), hourMs, clock.now()))).toBe(true);
    await clock.advance(1);
    expect(isClaim(await again.claim(place("42", "2"), hourMs, clock.now()))).toBe(true);
  });

  test("counts the answers of the last hour over all chats, over restarts", async () => {
    await using store = await openPluginStore(clock.now);
    const ledger = await openLedger(store, 2);
    await ledger.claim(place("1", "1"), 0, clock.now());
    await ledger.claim(place("2", "1"), 0, clock.now());
    expect(await ledger.claim(place("3", "1"), 0, clock.now())).toBe("hourly limit");
    const again = await openLedger(store, 2);
    expect(await again.claim(place("3", "1"), 0, clock.now())).toBe("hourly limit");
    await clock.advance(hourMs);
    expect(isClaim(await again.claim(place("3", "1"), 0, clock.now()))).toBe(true);
  });

  test("gives no more rights than the hour has when chats ask at once", async () => {
    await using store = await openPluginStore(clock.now);
    const ledger = await openLedger(store, 2);
    const chats = ["1", "2", "3", "4"];
    const claims = await Promise.all(chats.map((chat) => ledger.claim(place(chat, "1"), 0, clock.now())));
    expect(claims.filter(isClaim)).toHaveLength(2);
  });

  test("is as if it had not been once it is released", async () => {
    await using store = await openPluginStore(clock.now);
    const ledger = await openLedger(store, 1);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const claim = await ledger.claim(place("42", "1"), hourMs, clock.now());
      expect(isClaim(claim)).toBe(true);
      if (isClaim(claim)) await claim.release();
    }
  });
});
