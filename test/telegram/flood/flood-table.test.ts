import { describe, expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { rpcError } from "../../../runtime/telegram/errors.ts";
import { blocksOf, FloodTable } from "../../../runtime/telegram/flood/flood-table.ts";

const send = "messages.sendMessage";
const chat = parseChatId("-1001");
const other = parseChatId("-1002");
const errorOf = (text: string) => rpcError({ rpcCode: 420, text, method: send });

function tableAfter(text: string, chatId = chat): FloodTable {
  const table = new FloodTable();
  for (const block of blocksOf(errorOf(text), send, chatId, 1000)) table.add(block);
  return table;
}

describe("FloodTable.verdict()", () => {
  test("holds the method in every chat after FLOOD_WAIT, and no other method", () => {
    const table = tableAfter("FLOOD_WAIT_30");
    expect(table.verdict(send, other, 1000)).toEqual({ kind: "wait", untilMs: 31_000 });
    expect(table.verdict("messages.getHistory", chat, 1000)).toBeNull();
  });

  test("holds the method in one chat after SLOWMODE_WAIT", () => {
    const table = tableAfter("SLOWMODE_WAIT_30");
    expect(table.verdict(send, chat, 1000)).toEqual({ kind: "wait", untilMs: 31_000 });
    expect(table.verdict(send, other, 1000)).toBeNull();
  });

  test("lets go when the time has come", () => {
    expect(tableAfter("FLOOD_WAIT_30").verdict(send, chat, 31_000)).toBeNull();
  });

  test("takes a wait of no seconds for one", () => {
    expect(tableAfter("FLOOD_WAIT_0").verdict(send, chat, 1000)).toEqual({ kind: "wait", untilMs: 2000 });
  });

  test("blocks invitations for a day after PEER_FLOOD, and writing where it came", () => {
    const table = tableAfter("PEER_FLOOD");
    const blocked = { kind: "blocked", untilMs: 86_401_000 } as const;
    expect(table.verdict("channels.inviteToChannel", null, 1000)).toEqual(blocked);
    expect(table.verdict(send, chat, 1000)).toEqual(blocked);
    expect(table.verdict(send, other, 1000)).toBeNull();
    expect(table.verdict("messages.getHistory", chat, 1000)).toBeNull();
  });
});

describe("FloodTable.add()", () => {
  test("never shortens a wait", () => {
    const table = tableAfter("FLOOD_WAIT_30");
    table.add({ method: send, chatId: null, untilMs: 2000 });
    expect(table.verdict(send, null, 1000)?.untilMs).toBe(31_000);
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
    expect(blocksOf(error, send, chat, 1000)).toEqual([]);
  });
});
