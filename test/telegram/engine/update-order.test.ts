import { describe, expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { accountDifference, channelDifference } from "../../../runtime/telegram/engine/difference.ts";
import type { Target } from "../../../runtime/telegram/engine/numbering.ts";
import {
  type Arrival,
  type DueUpdate,
  type Need,
  UpdateOrder,
} from "../../../runtime/telegram/engine/update-order.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { channelPeer, tlMessage } from "../support/tl.ts";

const state = { pts: 10, qts: 5, date: 1_000, seq: 3 };
const newsId = parseChatId("-1000000000901");
const nothingChanged = { account: null, channels: new Map(), forgotten: [] };

const fresh = (id: number, pts: number) =>
  new Api.UpdateNewMessage({ message: tlMessage({ id }), pts, ptsCount: 1 });
const post = (id: number, pts: number, date = 1_000) => {
  const message = tlMessage({ id, date, peerId: channelPeer(901) });
  return new Api.UpdateNewChannelMessage({ message, pts, ptsCount: 1 });
};
const typing = new Api.UpdateUserTyping({ userId: longOf(42), action: new Api.SendMessageTypingAction() });
const tooLong = (pts?: number) =>
  new Api.UpdateChannelTooLong({ channelId: longOf(901), ...(pts !== undefined && { pts }) });

const needs = (...entries: [Target, Need][]) => new Map(entries);

function arrival(updates: Api.TypeUpdate[], fields: Partial<Arrival> = {}): Arrival {
  return { updates, date: 1_001, seqStart: 0, seq: 0, name: "Updates", receivedAtMs: 0, ...fields };
}

/** Messages by their number, anything else by its constructor. */
function names(due: readonly DueUpdate[]): (number | string)[] {
  return due.map(({ update }) =>
    update instanceof Api.UpdateNewMessage || update instanceof Api.UpdateNewChannelMessage
      ? update.message.id
      : update.className,
  );
}

describe("UpdateOrder.take()", () => {
  test.each<[string, Api.TypeUpdate[][], (number | string)[], number, string]>([
    ["in order", [[fresh(1, 11)], [fresh(2, 12)]], [1, 2], 12, "whole"],
    ["twice", [[fresh(1, 11)], [fresh(1, 11)]], [1], 11, "whole"],
    ["the wrong way round", [[fresh(2, 12)], [fresh(1, 11)]], [1, 2], 12, "whole"],
    ["the wrong way round in one container", [[fresh(2, 12), fresh(1, 11)]], [1, 2], 12, "whole"],
    ["with one missing", [[fresh(2, 12)]], [], 10, "gap"],
    ["beside what is not numbered", [[fresh(2, 12), typing]], ["UpdateUserTyping"], 10, "gap"],
  ])("takes updates %s", (_, containers, due, pts, need) => {
    const order = new UpdateOrder(state);
    expect(containers.flatMap((updates) => names(order.take(arrival(updates))))).toEqual(due);
    expect(order.state).toMatchObject({ pts });
    expect(order.needs().get("account")).toBe(need as "whole" | "gap");
  });

  test("numbers channels apart from the account and from each other", () => {
    const order = new UpdateOrder(state, new Map([[newsId, { pts: 7, date: null }]]));
    expect(names(order.take(arrival([post(1, 8), fresh(2, 12), post(3, 10)])))).toEqual([1]);
    expect(order.needs()).toEqual(needs(["account", "gap"], [newsId, "gap"]));
    expect(names(order.take(arrival([post(2, 9)])))).toEqual([2, 3]);
    expect(order.needs()).toEqual(needs([newsId, "whole"]));
  });

  test("takes a channel up with its first update", () => {
    const order = new UpdateOrder(state);
    expect(names(order.take(arrival([post(1, 40)])))).toEqual([1]);
    expect(order.change()).toMatchObject({ channels: new Map([[newsId, { pts: 40, date: 1_001 }]]) });
  });

  test("takes whole containers by their own count", () => {
    const order = new UpdateOrder(state);
    expect(names(order.take(arrival([typing], { seqStart: 5, seq: 5 })))).toEqual([]);
    expect(order.needs().get("account")).toBe("gap");
    expect(names(order.take(arrival([fresh(1, 11)], { seqStart: 4, seq: 4 })))).toEqual([
      1,
      "UpdateUserTyping",
    ]);
    expect(names(order.take(arrival([fresh(2, 12)], { seqStart: 4, seq: 5 })))).toEqual([]);
    expect(order.state).toMatchObject({ pts: 11, seq: 5 });
  });

  test("numbers by qts what is numbered by it", () => {
    const order = new UpdateOrder(state);
    const secret = (qts: number) =>
      new Api.UpdateNewEncryptedMessage({
        message: new Api.EncryptedMessageService({
          randomId: longOf(1),
          chatId: 1,
          date: 1,
          bytes: Buffer.of(),
        }),
        qts,
      });
    expect(names(order.take(arrival([secret(7), secret(6), secret(6)])))).toHaveLength(2);
    expect(order.state).toMatchObject({ pts: 10, qts: 7 });
  });

  test("has a channel fetched that is announced, and begins where Telegram says", () => {
    const order = new UpdateOrder(state);
    expect(order.take(arrival([tooLong()]))).toEqual([]);
    expect(order.needs()).toEqual(needs());
    order.take(arrival([tooLong(30)]));
    expect(order.needs()).toEqual(needs([newsId, "announced"]));
    expect(order.channelPts(newsId)).toBe(30);
  });
});

describe("UpdateOrder.fill()", () => {
  const serverState = (pts: number) => new Api.updates.State({ ...state, pts, unreadCount: 0 });
  const difference = (ids: number[], pts: number, otherUpdates: Api.TypeUpdate[] = []) =>
    accountDifference(
      new Api.updates.Difference({
        newMessages: ids.map((id) => tlMessage({ id })),
        newEncryptedMessages: [],
        otherUpdates,
        chats: [],
        users: [],
        state: serverState(pts),
      }),
      state,
    );

  test("applies all of a difference, then what it did not have", () => {
    const order = new UpdateOrder(state, new Map([[newsId, { pts: 7, date: null }]]));
    order.hold("account");
    order.take(arrival([fresh(2, 12), fresh(3, 13)]));
    const edit = new Api.UpdateEditMessage({ message: tlMessage({ id: 1 }), pts: 11, ptsCount: 1 });
    const filled = order.fill("account", difference([1, 2], 12, [edit, tooLong(9), post(8, 8)]), arrival([]));
    expect(names(filled)).toEqual([1, 2, "UpdateEditMessage", 8]);
    expect(names(order.release("account"))).toEqual([3]);
    expect(order.needs()).toEqual(needs(["account", "whole"], [newsId, "announced"]));
    expect(order.change()).toMatchObject({
      account: { pts: 13 },
      channels: new Map([[newsId, { pts: 8, date: 1_001 }]]),
    });
  });

  test("jumps where Telegram has too much to tell", () => {
    const order = new UpdateOrder(state);
    const {
      state: told,
      isTooLong,
      isFinal,
    } = accountDifference(new Api.updates.DifferenceTooLong({ pts: 500 }), state);
    expect([told.pts, isTooLong, isFinal]).toEqual([500, true, false]);
    order.fill("account", { ...difference([], 500), state: told }, arrival([]));
    expect(names(order.take(arrival([fresh(1, 501)])))).toEqual([1]);
  });

  test("knows a slice to reach until its last message, whatever the time of the answer", () => {
    const order = new UpdateOrder(state);
    const slice = new Api.updates.DifferenceSlice({
      newMessages: [tlMessage({ id: 1, date: 1_200 })],
      newEncryptedMessages: [],
      otherUpdates: [post(8, 8)],
      chats: [],
      users: [],
      intermediateState: new Api.updates.State({ pts: 11, qts: 0, date: 5_000, seq: 0, unreadCount: 0 }),
    });
    order.fill("account", accountDifference(slice, state), arrival([]));
    expect(order.state).toMatchObject({ pts: 11, date: 1_200 });
  });

  test("fills a channel, and knows until when nothing of it is missing", () => {
    const order = new UpdateOrder(state, new Map([[newsId, { pts: 7, date: null }]]));
    expect(order.channelDate(newsId)).toBe(1_000);
    const answer = new Api.updates.ChannelDifference({
      final: true,
      pts: 9,
      timeout: 30,
      newMessages: [tlMessage({ id: 8, date: 2_000, peerId: channelPeer(901) })],
      otherUpdates: [],
      chats: [],
      users: [],
    });
    const told = channelDifference(answer, 7);
    expect(told).toMatchObject({ isFinal: true, pollAfterMs: 30_000, isTooLong: false });
    order.hold(newsId);
    expect(names(order.fill(newsId, told, arrival([])))).toEqual([8]);
    expect(names(order.release(newsId))).toEqual([]);
    expect([order.channelPts(newsId), order.channelDate(newsId)]).toEqual([9, 2_000]);
  });

  test("knows after a restart until when a channel was read that fell behind the account", () => {
    const order = new UpdateOrder(state, new Map([[newsId, { pts: 7, date: 400 }]]));
    order.take(arrival([fresh(1, 11)]));
    expect(order.channelDate(newsId)).toBe(400);
  });
});

describe("UpdateOrder.change()", () => {
  test("tells what is to be kept, once", () => {
    const order = new UpdateOrder(state, new Map([[newsId, { pts: 7, date: null }]]));
    expect(order.change()).toEqual(nothingChanged);
    order.take(arrival([fresh(1, 11), post(1, 8)]));
    expect(order.change()).toEqual({
      account: { ...state, pts: 11, date: 1_000 },
      channels: new Map([[newsId, { pts: 8, date: 1_000 }]]),
      forgotten: [],
    });
    expect(order.change()).toEqual(nothingChanged);
    order.forget(newsId);
    expect(order.change()).toEqual({ ...nothingChanged, forgotten: [newsId] });
  });

  test("covers nothing that waits", () => {
    const order = new UpdateOrder(state);
    order.take(arrival([fresh(2, 12)], { date: null }));
    expect(order.change()).toEqual(nothingChanged);
  });

  test("begins from the server's state without passing over what came before it", () => {
    const order = new UpdateOrder(null);
    expect(order.state).toBeNull();
    order.take(arrival([fresh(1, 11)]));
    order.begin({ ...state, pts: 12 });
    // The second message is missing, and will be asked for from here.
    expect(order.state).toMatchObject({ pts: 11, qts: 5, seq: 3 });
  });
});
