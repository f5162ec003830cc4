import { describe, expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { FetchPlan } from "../../../runtime/telegram/engine/fetch-plan.ts";

const channel = (number: number) => parseChatId(`-100000000${number}`);
const news = channel(1);
const minute = 60_000;

describe("FetchPlan", () => {
  test("gives a gap half a second to close by itself", () => {
    const plan = new FetchPlan();
    plan.gap("account", 1_000);
    expect(plan.begin(1_499)).toEqual([]);
    expect(plan.nextWakeAt()).toBe(1_500);
    // More that comes early does not put it off.
    plan.gap("account", 1_400);
    expect(plan.begin(1_500)).toEqual([{ target: "account", reason: "gap" }]);
    expect(plan.begin(1_500)).toEqual([]);
  });

  test("asks for nothing when the gap closed in time", () => {
    const plan = new FetchPlan();
    plan.gap("account", 1_000);
    plan.whole("account", 1_200);
    expect(plan.begin(2_000)).toEqual([]);
  });

  test("asks after a quarter of an hour of silence", () => {
    const plan = new FetchPlan();
    plan.whole("account", 0);
    plan.whole("account", minute);
    expect(plan.nextWakeAt()).toBe(16 * minute);
    expect(plan.begin(16 * minute)).toEqual([{ target: "account", reason: "silence" }]);
  });

  test.each([
    [null, 15 * minute],
    [5_000, 15 * minute],
    [60 * minute, 60 * minute],
  ])(
    "asks a silent channel no sooner than Telegram says, and no more often than the account: %p",
    (pollAfterMs, waitMs) => {
      const plan = new FetchPlan();
      plan.demand({ target: news, reason: "announced" }, 0);
      plan.begin(0);
      plan.done(news, 100, pollAfterMs);
      expect(plan.nextWakeAt()).toBe(100 + waitMs);
    },
  );

  test("lets a target that fails wait alone, longer each time", () => {
    const plan = new FetchPlan();
    plan.demand({ target: news, reason: "announced" }, 0);
    plan.begin(0);
    plan.failed(news, 0, 0);
    expect(plan.paused).toBe(1);
    plan.demand({ target: "account", reason: "announced" }, 0);
    // Neither pushes nor announcements shorten the pause.
    plan.gap(news, 10);
    plan.whole(news, 20);
    plan.demand({ target: news, reason: "announced" }, 30);
    expect(plan.begin(999)).toEqual([{ target: "account", reason: "announced" }]);
    expect(plan.begin(1_000)).toMatchObject([{ target: news }]);
    plan.failed(news, 1_000, 0);
    expect(plan.begin(2_999)).toEqual([]);
    expect(plan.begin(3_000)).toMatchObject([{ target: news }]);
    plan.done(news, 3_000);
    expect(plan.paused).toBe(0);
  });

  test("asks once more when something was announced while it asked", () => {
    const plan = new FetchPlan();
    plan.demand({ target: "account", reason: "gap" }, 0);
    plan.begin(0);
    plan.demand({ target: "account", reason: "announced" }, 1);
    expect(plan.begin(1)).toEqual([]);
    plan.done("account", 2);
    expect(plan.begin(2)).toEqual([{ target: "account", reason: "announced" }]);
  });

  test("asks four channels at a time, and the account beside them", () => {
    const plan = new FetchPlan();
    for (let number = 1; number <= 6; number += 1) {
      plan.demand({ target: channel(number), reason: "start" }, 0);
    }
    plan.demand({ target: "account", reason: "start" }, 0);
    expect(plan.begin(0)).toHaveLength(5);
    expect(plan.nextWakeAt()).toBeNull();
    plan.done(channel(1), 1);
    expect(plan.begin(1)).toEqual([{ target: channel(5), reason: "start" }]);
  });

  test("is caught up when all was fetched or has failed", () => {
    const plan = new FetchPlan();
    for (const target of ["account" as const, news]) plan.demand({ target, reason: "start" }, 0);
    plan.begin(0);
    plan.failed(news, 1, 0);
    expect(plan.isCatchingUp).toBe(true);
    plan.done("account", 1);
    expect(plan.isCatchingUp).toBe(false);
  });

  test("tries what is paused again on a new connection", () => {
    const plan = new FetchPlan();
    plan.demand({ target: news, reason: "start" }, 0);
    plan.begin(0);
    plan.failed(news, 0, 0);
    plan.demand({ target: news, reason: "reconnect" }, 10);
    expect(plan.begin(10)).toEqual([{ target: news, reason: "reconnect" }]);
  });

  test("tries at once over a new connection what failed over the old one", () => {
    const plan = new FetchPlan();
    plan.demand({ target: "account", reason: "start" }, 0);
    plan.begin(0);
    plan.demand({ target: "account", reason: "reconnect" }, 10);
    plan.failed("account", 20, 0);
    expect(plan.isCatchingUp).toBe(true);
    expect(plan.begin(20)).toEqual([{ target: "account", reason: "reconnect" }]);
    plan.failed("account", 30, 0);
    expect(plan.isCatchingUp).toBe(false);
  });
});
