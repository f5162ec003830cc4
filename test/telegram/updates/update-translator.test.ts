import { describe, expect, test } from "bun:test";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { PeerResolver } from "../../../runtime/telegram/peers/peer-resolver.ts";
import { containerTranslator } from "../support/container-translator.ts";
import { type OfflineAccount, openOffline } from "../support/offline.ts";
import { ann, bob, channelPeer, club, forum, groupPeer, tlMessage, userPeer } from "../support/tl.ts";

function container(
  updates: Api.TypeUpdate[],
  users: Api.TypeUser[] = [],
  chats: Api.TypeChat[] = [],
): Api.Updates {
  return new Api.Updates({ updates, users, chats, date: 1_000, seq: 0 });
}

const fresh = (message: Api.TypeMessage) => new Api.UpdateNewMessage({ message, pts: 10, ptsCount: 1 });
const short = (userId: number, id = 5) =>
  new Api.UpdateShortMessage({ id, userId: longOf(userId), message: "hi", pts: 9, ptsCount: 1, date: 1_000 });
const translatorOf = (offline: OfflineAccount) => containerTranslator(offline);

describe("UpdateTranslator.translate()", () => {
  test("keeps the order of a container and names who came with it", async () => {
    await using offline = await openOffline();
    const message = tlMessage({ peerId: groupPeer(7), fromId: userPeer(42) });
    const typing = new Api.UpdateUserTyping({
      userId: longOf(43),
      action: new Api.SendMessageTypingAction(),
    });
    const events = await translatorOf(offline).translate(
      container([typing, fresh(message)], [ann, bob], [club]),
    );
    expect(events).toMatchObject([
      { type: "user.typing", user: { displayName: "Bob" }, atMs: 1_000_000, receivedAtMs: 2_000_000 },
      { type: "message.received", sender: { displayName: "Ann Lee" }, chat: { title: "Club" } },
    ]);
    expect(offline.refused).toEqual([]);
  });

  test("names who came with an earlier container", async () => {
    await using offline = await openOffline();
    const translator = translatorOf(offline);
    await translator.translate(container([], [ann]));
    expect(await translator.translate(short(42))).toMatchObject([{ sender: { displayName: "Ann Lee" } }]);
    expect(offline.refused).toEqual([]);
  });

  test("names who was met before a restart, from disk", async () => {
    await using offline = await openOffline();
    await translatorOf(offline).translate(container([], [ann]));
    const { rpc, storage, clock, logger } = offline;
    const peers = new PeerResolver({ rpc, storage, clock, logger });
    const restarted = containerTranslator({ rpc, peers, clock, logger });
    expect(await restarted.translate(short(42))).toMatchObject([{ chat: { title: "Ann Lee" } }]);
  });

  test("asks for whom nobody knows, and goes on with a bare name when there is no answer", async () => {
    await using offline = await openOffline();
    expect(await translatorOf(offline).translate(short(42))).toMatchObject([
      { type: "message.received", text: "hi", sender: { displayName: "User 42" } },
    ]);
    expect(offline.refused).toEqual(["messages.GetMessages"]);
    expect(offline.lines.join()).toContain("Cannot fetch the peers of an update");
    expect(offline.lines.join()).not.toContain("hi");
  });

  test("returns an event once, however often its update comes", async () => {
    await using offline = await openOffline();
    const translator = translatorOf(offline);
    const pushed = container([fresh(tlMessage())], [ann]);
    expect(await translator.translate(pushed)).toHaveLength(1);
    expect(await translator.translate(pushed)).toEqual([]);
    expect(await translator.translate(short(42))).toEqual([]);
    expect(translator.stats()).toMatchObject({ updates: 3, events: 1, duplicates: 2, unmapped: {} });
  });

  test("tells an event although the database cannot say who it is about", async () => {
    await using offline = await openOffline();
    await offline.storage.close();
    const events = await translatorOf(offline).translate(container([fresh(tlMessage())], [ann]));
    expect(events).toMatchObject([{ type: "message.received", sender: { displayName: "Ann Lee" } }]);
    expect(offline.lines.join()).toContain("STORAGE_CLOSED");
  });

  test("knows a message for this session's own by the random id beside it", async () => {
    await using offline = await openOffline();
    const translator = translatorOf(offline);
    const own = new Api.UpdateMessageID({ id: 5, randomId: longOf(77) });
    const answer = container([own, fresh(tlMessage({ id: 5, out: true }))], [ann]);
    const elsewhere = container([fresh(tlMessage({ id: 6, out: true }))], [ann]);
    expect(await translator.translate(answer)).toMatchObject([{ messageId: "5", isAutomated: true }]);
    expect(await translator.translate(elsewhere)).toMatchObject([{ messageId: "6", isAutomated: false }]);
  });

  test("counts what makes no event by its constructor", async () => {
    await using offline = await openOffline();
    const translator = translatorOf(offline);
    await translator.translate(container([new Api.UpdatePtsChanged(), new Api.UpdatePtsChanged()]));
    await translator.translate(new Api.UpdatesTooLong());
    expect(translator.stats()).toEqual({
      updates: 3,
      events: 0,
      duplicates: 0,
      unmapped: { updatePtsChanged: 2, updatesTooLong: 1 },
    });
  });

  test("keeps the rest of a container when one update cannot be read", async () => {
    await using offline = await openOffline();
    const broken = new Api.UpdateUserTyping({ userId: longOf(0), action: new Api.SendMessageTypingAction() });
    const translator = translatorOf(offline);
    const events = await translator.translate(container([broken, fresh(tlMessage())], [ann]));
    expect(events).toMatchObject([{ type: "message.received" }]);
    expect(translator.stats().unmapped).toEqual({ updateUserTyping: 1 });
    expect(offline.lines.join()).toContain("Cannot translate an update");
  });

  test("tells each request to join once, and again when it was withdrawn and made anew", async () => {
    await using offline = await openOffline();
    const translator = translatorOf(offline);
    const pending = async (requesters: number[], date: number) => {
      const update = new Api.UpdatePendingJoinRequests({
        peer: channelPeer(900),
        requestsPending: requesters.length,
        recentRequesters: requesters.map(longOf),
      });
      const updates = new Api.Updates({ updates: [update], users: [ann, bob], chats: [forum], date, seq: 0 });
      const events = await translator.translate(updates);
      return events.map((event) => (event.type === "join.requested" ? event.user?.displayName : event.type));
    };
    expect(await pending([42], 1_000)).toEqual(["Ann Lee"]);
    expect(await pending([43, 42], 1_001)).toEqual(["Bob"]);
    expect(await pending([42], 1_002)).toEqual([]);
    expect(await pending([43, 42], 1_003)).toEqual(["Bob"]);
  });
});
