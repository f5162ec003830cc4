import { describe, expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { CallTime } from "../../../runtime/telegram/operations/call-time.ts";
import { openOffline } from "../support/offline.ts";
import { ann, club, me, news, tlUser } from "../support/tl.ts";

const call = new CallTime({}, () => 0);
const annId = parseChatId("42");

describe("PeerResolver, over what the account has met", () => {
  test("makes input peers of ids, usernames, links, and the account itself", async () => {
    await using offline = await openOffline();
    const { peers } = offline;
    await peers.store.remember({ users: [me, ann], chats: [club, news] });
    const user = { userId: longOf(42), accessHash: longOf(4200) };
    expect(await peers.inputPeer(annId, call)).toMatchObject({ className: "InputPeerUser", ...user });
    expect(await peers.inputPeer("@Ann", call)).toMatchObject({ className: "InputPeerUser" });
    expect(await peers.inputUser("https://t.me/ann", call)).toMatchObject({
      className: "InputUser",
      ...user,
    });
    expect(await peers.inputPeer("@news", call)).toMatchObject({ className: "InputPeerChannel" });
    expect(await peers.inputPeer(parseChatId("-7"), call)).toMatchObject({ className: "InputPeerChat" });
    expect(await peers.inputPeer("me", call)).toBeInstanceOf(Api.InputPeerSelf);
    expect(await peers.inputPeer(parseChatId("1"), call)).toBeInstanceOf(Api.InputPeerSelf);
    expect(offline.refused).toEqual([]);
  });

  test("resolves to the contract's chat and person", async () => {
    await using offline = await openOffline();
    await offline.peers.store.remember({ users: [ann], chats: [news] });
    expect(await offline.peers.resolve("@ann", call)).toMatchObject({
      chat: { id: "42", kind: "private", title: "Ann Lee" },
      user: { id: "42" },
    });
    expect(await offline.peers.resolve("@news", call)).toMatchObject({
      chat: { kind: "channel" },
      user: null,
    });
  });

  test("says what to do about an id that the account has not met", async () => {
    await using offline = await openOffline();
    const resolving = offline.peers.inputPeer(annId, call);
    await expect(resolving).rejects.toMatchObject({ code: "PEER_NOT_FOUND", category: "NOT_FOUND" });
    await expect(resolving).rejects.toThrow(/@username/);
  });

  test("does not take someone seen in passing for someone who can be written to", async () => {
    await using offline = await openOffline();
    await offline.peers.store.remember({ users: [tlUser(42, { min: true, firstName: "A" })], chats: [] });
    await expect(offline.peers.inputPeer(annId, call)).rejects.toMatchObject({ code: "PEER_NOT_FOUND" });
    expect((await offline.peers.resolve(annId, call)).chat.title).toBe("A");
  });

  test("asks Telegram again about a username that was seen long ago", async () => {
    await using offline = await openOffline();
    await offline.peers.store.remember({ users: [ann], chats: [] });
    await offline.clock.advance(25 * 3_600_000);
    await expect(offline.peers.inputPeer("@ann", call)).rejects.toMatchObject({ code: "ACCOUNT_OFFLINE" });
    expect(offline.refused).toEqual(["contacts.ResolveUsername"]);
  });

  test("refuses a chat where a person is wanted", async () => {
    await using offline = await openOffline();
    await offline.peers.store.remember({ users: [], chats: [news] });
    await expect(offline.peers.inputUser("@news", call)).rejects.toMatchObject({ code: "PEER_WRONG_KIND" });
  });
});
