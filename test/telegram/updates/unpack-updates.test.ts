import { describe, expect, test } from "bun:test";
import { parseUserId } from "../../../runtime/contract/index.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { mapMessage } from "../../../runtime/telegram/mapping/message.ts";
import { unpackUpdates } from "../../../runtime/telegram/updates/unpack-updates.ts";
import { ann, club, knownPeers } from "../support/tl.ts";

const selfId = parseUserId("1");
const update = new Api.UpdateUserStatus({ userId: longOf(42), status: new Api.UserStatusRecently({}) });
const short = { id: 5, message: "hi", pts: 10, ptsCount: 1, date: 1_000 };

function messageIn(container: Api.TypeUpdates) {
  const [only] = unpackUpdates(container, selfId)?.updates ?? [];
  if (!(only instanceof Api.UpdateNewMessage) || !(only.message instanceof Api.Message))
    throw new Error("no message");
  return mapMessage(only.message, knownPeers);
}

describe("unpackUpdates", () => {
  test("lays out updates and updatesCombined with their peers", () => {
    const common = { updates: [update], users: [ann], chats: [club], date: 1_000, seq: 3 };
    const laidOut = { updates: [update], users: [ann], chats: [club], date: 1_000, seq: 3 };
    expect(unpackUpdates(new Api.Updates(common), selfId)).toEqual({ ...laidOut, seqStart: 3 });
    const combined = new Api.UpdatesCombined({ ...common, seqStart: 2 });
    expect(unpackUpdates(combined, selfId)).toEqual({ ...laidOut, seqStart: 2 });
  });

  test("takes a date of 0 for none", () => {
    const container = new Api.Updates({ updates: [], users: [], chats: [], date: 0, seq: 0 });
    expect(unpackUpdates(container, selfId)?.date).toBeNull();
  });

  test("lays out updateShort", () => {
    expect(unpackUpdates(new Api.UpdateShort({ update, date: 1_000 }), selfId)?.updates).toEqual([update]);
  });

  test("makes updateShortMessage whole, either way", () => {
    const incoming = messageIn(new Api.UpdateShortMessage({ ...short, userId: longOf(42) }));
    expect(incoming).toMatchObject({
      direction: "incoming",
      chat: { id: "42" },
      sender: { id: "42" },
      text: "hi",
    });
    const outgoing = messageIn(new Api.UpdateShortMessage({ ...short, out: true, userId: longOf(42) }));
    expect(outgoing).toMatchObject({ direction: "outgoing", chat: { id: "42" }, sender: { id: "1" } });
  });

  test("makes updateShortChatMessage whole", () => {
    const container = new Api.UpdateShortChatMessage({ ...short, fromId: longOf(43), chatId: longOf(7) });
    expect(messageIn(container)).toMatchObject({
      chat: { id: "-7" },
      sender: { id: "43" },
      direction: "incoming",
    });
  });

  test("is null for containers that hold no update", () => {
    expect(unpackUpdates(new Api.UpdatesTooLong(), selfId)).toBeNull();
    expect(
      unpackUpdates(new Api.UpdateShortSentMessage({ id: 1, pts: 1, ptsCount: 1, date: 1 }), selfId),
    ).toBeNull();
  });
});
