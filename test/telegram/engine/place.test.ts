import { describe, expect, test } from "bun:test";
import { parseAccountName, parseChatId } from "../../../runtime/contract/index.ts";
import type { UpdateState } from "../../../runtime/storage/index.ts";
import { correctedChannels, correctedPlace } from "../../../runtime/telegram/engine/place.ts";
import { openAwayAccount } from "../support/away-account.ts";

const name = parseAccountName("me");
const present: UpdateState = { pts: 10, qts: 3, date: 1_000, seq: 2 };

describe("a kept place", () => {
  test("is right when it is Telegram's present, or behind it", () => {
    expect(correctedPlace(present, present)).toBeNull();
    expect(correctedPlace({ pts: 9, qts: 0, date: 900, seq: 0 }, present)).toBeNull();
  });

  test.each<[Partial<UpdateState>, Partial<UpdateState>]>([
    [{ pts: 11 }, { pts: 0 }],
    [{ qts: 4 }, { qts: 3 }],
    [{ seq: 777 }, { seq: 2 }],
  ])("that is ahead of Telegram's by %o is put right, its time kept", (ahead, corrected) => {
    const known = { pts: 9, qts: 1, date: 900, seq: 1 };
    expect(correctedPlace({ ...known, ...ahead }, present)).toEqual({ ...known, ...corrected });
  });

  test("of a channel is put right alone, and left where Telegram's is not known", () => {
    const [behind, ahead, unlisted] = ["-1001", "-1002", "-1003"].map(parseChatId);
    if (!behind || !ahead || !unlisted) throw new Error("There are three");
    const known = new Map([behind, ahead, unlisted].map((id) => [id, { pts: 50, date: 900 }]));
    const presents = new Map([
      [behind, 51],
      [ahead, 49],
    ]);
    expect([...correctedChannels(known, presents)]).toEqual([[ahead, { pts: 0, date: 900 }]]);
  });
});

/** An account that missed messages, and whose places on disk are then ahead of Telegram's. */
async function openMisplaced(places: { readonly account?: Partial<UpdateState>; readonly channel?: number }) {
  const me = await openAwayAccount();
  const { storage, world, owner } = me;
  const bob = world.createUser({ firstName: "Bob" });
  const channel = world.createChannel({ title: "Channel", creatorId: bob.id, memberIds: [owner.id] });
  const write = (text: string, chatId = owner.id) => world.sendMessage({ fromId: bob.id, chatId, text });
  write("here");
  write("here too", channel.id);
  await me.received("here");
  await me.received("here too");
  await me.go();
  write("missed");
  write("missed too", channel.id);
  const chatId = parseChatId(channel.id);
  const account = await storage.updateStates.load(name);
  const date = (await storage.updateStates.loadChannels(name)).get(chatId)?.date ?? null;
  if (account === null) throw new Error("The account has no place");
  await storage.updateStates.apply(name, {
    account: { ...account, ...places.account },
    channels: new Map(places.channel === undefined ? [] : [[chatId, { pts: places.channel, date }]]),
    forgotten: [],
  });
  const keptPlaces = async () => ({
    account: await storage.updateStates.load(name),
    channel: (await storage.updateStates.loadChannels(name)).get(chatId)?.pts,
  });
  return { me, channel, write, keptPlaces, [Symbol.asyncDispose]: () => me[Symbol.asyncDispose]() };
}

const aheadPlaces = [
  ["channel", { channel: 50_000 }],
  ["account", { account: { pts: 50_000 } }],
  ["account, in each count,", { account: { pts: 50_000, qts: 5_000, seq: 777 } }],
] as const;

describe.each(aheadPlaces)("a place of the %s that is ahead of Telegram's", (_, places) => {
  test("is put right by a start, which reads what was missed", async () => {
    await using it = await openMisplaced(places);
    const { me, channel, write, keptPlaces } = it;
    await me.come();
    write("after");
    write("after too", channel.id);
    await me.received("after");
    await me.received("after too");
    const got = new Set(me.texts());
    for (const text of ["missed", "missed too"]) expect(got).toContain(text);
    expect(me.account.stats()).toMatchObject({ skips: 0, lost: 0, paused: 0 });
    await me.go();
    const kept = await keptPlaces();
    expect(kept.account).toMatchObject({ qts: 0, seq: 0 });
    expect(kept.account?.pts).toBeLessThan(50_000);
    expect(kept.channel).toBeLessThan(50_000);
  });

  test("is put right by a repair, and nothing is passed over by the next start", async () => {
    await using it = await openMisplaced(places);
    const { me, keptPlaces } = it;
    expect(await me.account.repair()).toMatchObject({ place: "corrected" });
    const kept = await keptPlaces();
    expect(kept.account?.pts).toBeLessThan(50_000);
    expect(kept.channel).toBeLessThan(50_000);
    await me.come();
    const got = new Set(me.texts());
    for (const text of ["missed", "missed too"]) expect(got).toContain(text);
    expect(me.account.stats()).toMatchObject({ skips: 0, paused: 0 });
    await me.go();
    expect(await me.account.repair()).toMatchObject({ place: "right" });
  });
});

test("a count of secret chats that is ahead is put right though the difference is empty", async () => {
  await using it = await openMisplaced({});
  const { me, keptPlaces } = it;
  await me.come();
  await me.go();
  const { account } = await keptPlaces();
  if (account === null) throw new Error("The account has no place");
  const change = { account: { ...account, qts: 5_000 }, channels: new Map(), forgotten: [] };
  await me.storage.updateStates.apply(name, change);
  await me.come();
  await me.go();
  expect((await keptPlaces()).account).toMatchObject({ pts: account.pts, qts: 0 });
});

test("a channel whose place Telegram refuses for no reason that can be seen is asked again later", async () => {
  await using it = await openMisplaced({});
  const { me } = it;
  const errorMessage = "PERSISTENT_TIMESTAMP_INVALID";
  const method = "updates.getChannelDifference";
  me.world.faults.rpcError({ method, errorCode: 400, errorMessage, times: 1_000 });
  await me.come();
  await me.received("missed too");
  expect(me.account.stats()).toMatchObject({ paused: 1, lost: 0 });
  expect(me.account.state.state).toBe("online");
});

describe("a repair where no place is kept", () => {
  test("keeps Telegram's present", async () => {
    await using it = await openMisplaced({});
    const { me, keptPlaces } = it;
    await me.storage.updateStates.clear(name);
    expect(await me.account.repair()).toMatchObject({ place: "begun" });
    expect((await keptPlaces()).account).toMatchObject({ pts: expect.any(Number) });
    expect((await keptPlaces()).channel).toBeGreaterThan(0);
  });

  test("leaves channels the places that they have", async () => {
    await using it = await openMisplaced({});
    const { me, channel, keptPlaces } = it;
    const channels = await me.storage.updateStates.loadChannels(name);
    const before = (await keptPlaces()).channel;
    await me.storage.updateStates.clear(name);
    await me.storage.updateStates.apply(name, { account: null, channels, forgotten: [] });
    expect(await me.account.repair()).toMatchObject({ place: "begun" });
    expect((await keptPlaces()).channel).toBe(before);
    await me.come();
    expect(me.texts(channel.id)).toContain("missed too");
  });
});
