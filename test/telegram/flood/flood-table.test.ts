import { describe, expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { rpcError } from "../../../runtime/telegram/errors.ts";
import { blocksOf, FloodTable } from "../../../runtime/telegram/flood/flood-table.ts";

const send = "messages.sendMessage";
const chat = parseChatId("-1001");
const other = parseChatId("-1002");
const ada = parseChatId("42");
const grace = parseChatId("43");
const errorOf = (text: string) => rpcError({ rpcCode: 420, text, method: send });

function tableAfter(text: string, chatId = chat): FloodTable {
  const table = new FloodTable();
  for (const block of blocksOf(errorOf(text), { method: send, chatId }, 1000)) table.add(block, 1000);
  return table;
}

describe("FloodTable.waitUntilMs()", () => {
  test("holds the method in every chat after FLOOD_WAIT, and no other method", () => {
    const table = tableAfter("FLOOD_WAIT_30");
    expect(table.waitUntilMs({ method: send, chatId: other })).toBe(31_000);
    expect(table.waitUntilMs({ method: "messages.getHistory", chatId: chat })).toBe(0);
  });

  test("holds the method after FLOOD_PREMIUM_WAIT", () => {
    expect(tableAfter("FLOOD_PREMIUM_WAIT_5").waitUntilMs({ method: send, chatId: null })).toBe(6_000);
  });

  test("holds all that is sent to one chat after SLOWMODE_WAIT", () => {
    const table = tableAfter("SLOWMODE_WAIT_30");
    expect(table.waitUntilMs({ method: send, chatId: chat })).toBe(31_000);
    expect(table.waitUntilMs({ method: "messages.sendMedia", chatId: chat })).toBe(31_000);
    expect(table.waitUntilMs({ method: send, chatId: other })).toBe(0);
    expect(table.waitUntilMs({ method: "messages.getHistory", chatId: chat })).toBe(0);
  });

  test("holds the method after a slow mode in a chat that is not known", () => {
    const table = new FloodTable();
    const call = { method: send, chatId: null };
    for (const block of blocksOf(errorOf("SLOWMODE_WAIT_30"), call, 1000)) table.add(block, 1000);
    expect(table.waitUntilMs(call)).toBe(31_000);
  });

  test("takes a wait of no seconds for one", () => {
    expect(tableAfter("FLOOD_WAIT_0").waitUntilMs({ method: send, chatId: chat })).toBe(2000);
  });
});

describe("FloodTable.restriction()", () => {
  const unsolicited = { restriction: "unsolicited", untilMs: 86_401_000 } as const;

  test("forbids invitations for a day after PEER_FLOOD, and writing where it came", () => {
    const table = tableAfter("PEER_FLOOD");
    const invite = { method: "channels.inviteToChannel", chatId: null };
    expect(table.restriction(invite, 1000)).toEqual({ ...unsolicited, sparesAnswers: false });
    expect(table.restriction({ method: send, chatId: chat }, 1000)).toEqual({
      ...unsolicited,
      sparesAnswers: false,
    });
    expect(table.restriction(invite, 86_401_000)).toBeNull();
  });

  test("leaves answers to people, and what goes to groups, after PEER_FLOOD", () => {
    const table = tableAfter("PEER_FLOOD", ada);
    expect(table.restriction({ method: send, chatId: grace }, 1000)).toMatchObject({ sparesAnswers: true });
    expect(table.restriction({ method: send, chatId: ada }, 1000)).toMatchObject({ sparesAnswers: false });
    expect(table.restriction({ method: send, chatId: other }, 1000)).toBeNull();
    expect(table.restriction({ method: "messages.getHistory", chatId: ada }, 1000)).toBeNull();
  });

  test("leaves the chat open in which an invitation met PEER_FLOOD", () => {
    const [block, ...more] = blocksOf(
      errorOf("PEER_FLOOD"),
      { method: "channels.inviteToChannel", chatId: chat },
      1000,
    );
    expect(block).toEqual({ method: "unsolicited", chatId: null, untilMs: 86_401_000 });
    expect(more).toEqual([]);
  });

  test("forbids all writes and no looking for an hour after FROZEN_METHOD_INVALID", () => {
    const table = tableAfter("FROZEN_METHOD_INVALID");
    const writes = { restriction: "writes", untilMs: 3_601_000, sparesAnswers: false } as const;
    expect(table.restriction({ method: send, chatId: ada }, 1000)).toEqual(writes);
    expect(table.restriction({ method: "messages.deleteMessages", chatId: null }, 1000)).toEqual(writes);
    for (const method of ["messages.getHistory", "updates.getDifference", "upload.getFile", "auth.logOut"]) {
      expect(table.restriction({ method, chatId: null }, 1000)).toBeNull();
    }
  });
});

describe("FloodTable.add()", () => {
  test("never shortens a wait", () => {
    const table = tableAfter("FLOOD_WAIT_30");
    table.add({ method: send, chatId: null, untilMs: 2000 }, 1000);
    expect(table.waitUntilMs({ method: send, chatId: null })).toBe(31_000);
  });

  test("says what is new, and not what many calls are told at once", () => {
    const table = tableAfter("FLOOD_WAIT_30");
    expect(table.add({ method: send, chatId: null, untilMs: 31_200 }, 1_200)).toBe(false);
    expect(table.add({ method: send, chatId: null, untilMs: 90_000 }, 1_400)).toBe(true);
    expect(table.add({ method: send, chatId: null, untilMs: 120_000 }, 90_000)).toBe(true);
  });
});

describe("FloodTable.list()", () => {
  test("names each method once, with its latest end, and no chat", () => {
    const table = tableAfter("SLOWMODE_WAIT_30");
    table.add({ method: "messages.send", chatId: other, untilMs: 50_000 }, 1000);
    table.add({ method: "messages.getHistory", chatId: null, untilMs: 1500 }, 1000);
    expect(table.list(2000)).toEqual([{ method: "messages.send", untilMs: 50_000 }]);
  });
});

describe("FloodTable.prune()", () => {
  test("forgets what has ended", () => {
    const table = tableAfter("FLOOD_WAIT_30");
    table.prune(30_999);
    expect(table.size).toBe(1);
    table.prune(31_000);
    expect(table.size).toBe(0);
  });
});

describe("blocksOf()", () => {
  test("is empty for errors that are no floods", () => {
    const error = rpcError({ rpcCode: 400, text: "MESSAGE_EMPTY", method: send });
    expect(blocksOf(error, { method: send, chatId: chat }, 1000)).toEqual([]);
  });
});
