import { describe, expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { mapChat, unknownChat } from "../../../runtime/telegram/mapping/chat.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { chatIdOfPeer, peerOf } from "../../../runtime/telegram/mapping/peer-id.ts";
import { channelPeer, club, forum, groupPeer, news, userPeer } from "../support/tl.ts";

describe("mapChat", () => {
  test("tells groups, supergroups, and channels apart by kind and marked id", () => {
    expect(mapChat(club)).toEqual({
      id: parseChatId("-7"),
      kind: "group",
      title: "Club",
      username: null,
      memberCount: 3,
    });
    expect(mapChat(forum)).toMatchObject({ id: "-1000000000900", kind: "supergroup", isForum: true });
    expect(mapChat(news)).toMatchObject({ id: "-1000000000901", kind: "channel", username: "news" });
  });

  test("keeps the title of a chat that the account may not enter", () => {
    expect(mapChat(new Api.ChatForbidden({ id: longOf(7), title: "Shut" }))).toMatchObject({ title: "Shut" });
    const shut = new Api.ChannelForbidden({
      id: longOf(8),
      accessHash: longOf(1),
      title: "Shut",
      megagroup: true,
    });
    expect(mapChat(shut)).toMatchObject({ kind: "supergroup", title: "Shut", memberCount: null });
  });

  test("has a title even when Telegram gives none", () => {
    expect(mapChat(new Api.ChatEmpty({ id: longOf(7) })).title).toBe("Chat 7");
  });
});

describe("unknownChat", () => {
  test.each([
    ["42", "private", "User 42"],
    ["-7", "group", "Group 7"],
    ["-1000000000900", "channel", "Channel 900"],
  ] as const)("names %s by what its id tells", (id, kind, title) => {
    expect(unknownChat(parseChatId(id))).toMatchObject({ id, kind, title });
  });
});

describe("peerOf", () => {
  test.each([
    ["a user", userPeer(42)],
    ["a group", groupPeer(7)],
    ["a channel", channelPeer(900)],
  ] as const)("takes back chatIdOfPeer of %s", (_name, peer) => {
    expect(chatIdOfPeer(peerOf(chatIdOfPeer(peer)))).toBe(chatIdOfPeer(peer));
  });
});
