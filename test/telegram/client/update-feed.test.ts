import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { parseAccountName, parseEventId, type TelegraphistEvent } from "../../../runtime/contract/index.ts";
import { UpdateFeed } from "../../../runtime/telegram/update-feed.ts";
import { silent } from "../support/mtproto-rig.ts";

const account = parseAccountName("me");

function eventOf(id: string): TelegraphistEvent {
  return {
    type: "account.connected",
    id: parseEventId(id),
    account: { name: account, userId: null },
    atMs: 0,
    receivedAtMs: 0,
    dataCentreId: 2,
    reconnected: false,
  };
}

const container = (date: number) => new Api.UpdateShort({ update: new Api.UpdatePtsChanged(), date });

function feedWith(
  onEvent: (event: TelegraphistEvent) => Promise<void>,
  more: Partial<ConstructorParameters<typeof UpdateFeed>[0]> = {},
) {
  return new UpdateFeed({
    account,
    translate: async (updates) => [eventOf(`event ${updates instanceof Api.UpdateShort ? updates.date : 0}`)],
    onEvent,
    logger: silent,
    now: () => 42,
    ...more,
  });
}

describe("UpdateFeed (G11)", () => {
  test("hands events on one after another, in the order of the updates", async () => {
    const seen: string[] = [];
    let busy = 0;
    const feed = feedWith(async (event) => {
      busy += 1;
      expect(busy).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(event.id);
      busy -= 1;
    });
    for (const date of [1, 2, 3]) feed.push(container(date));
    feed.pushEvent(eventOf("own"));
    await feed.drain();
    expect(seen).toEqual(["event 1", "event 2", "event 3", "own"]);
    expect(feed.counts).toEqual({ updates: 3, events: 4, lost: 0 });
    expect(feed.lastUpdateAtMs).toBe(42);
  });

  test("counts an event that was refused, and goes on", async () => {
    const seen: string[] = [];
    const feed = feedWith(async (event) => {
      if (event.id === "event 1") throw new Error("refused");
      seen.push(event.id);
    });
    for (const date of [1, 2]) feed.push(container(date));
    await feed.drain();
    expect(seen).toEqual(["event 2"]);
    expect(feed.counts).toEqual({ updates: 2, events: 1, lost: 1 });
  });

  test("counts a container that could not be translated", async () => {
    const feed = feedWith(async () => undefined, { translate: () => Promise.reject(new Error("strange")) });
    feed.push(container(1));
    await feed.drain();
    expect(feed.counts).toEqual({ updates: 1, events: 0, lost: 1 });
  });

  test("counts what finds no place", async () => {
    const taken = Promise.withResolvers<void>();
    const feed = feedWith(() => taken.promise, { maxWaiting: 2 });
    for (let date = 0; date < 4; date += 1) feed.push(container(date));
    taken.resolve();
    await feed.drain();
    expect(feed.counts).toEqual({ updates: 4, events: 3, lost: 1 });
  });
});
