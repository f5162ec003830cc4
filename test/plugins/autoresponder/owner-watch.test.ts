import { describe, expect, test } from "bun:test";
import { type MessageSent, parseAccountName, parseUserId } from "telegraphist";
import { OwnerWatch } from "../../../plugins/autoresponder/owner-watch.ts";
import { messageReceived } from "../message-received.ts";
import { openPluginStore } from "../plugin-store.ts";

const account = parseAccountName("me");
const accounts = [{ name: account, userId: parseUserId("7") }];

const sent = (isAutomated: boolean): MessageSent => ({
  ...messageReceived(),
  type: "message.sent",
  direction: "outgoing",
  isAutomated,
});

describe("OwnerWatch", () => {
  test("notes what the owner wrote, over restarts, and not what plugins sent", async () => {
    await using store = await openPluginStore(Date.now);
    const watch = await OwnerWatch.open({ ...store, accounts });
    await watch.onSent(sent(true));
    expect(watch.presenceOf(account).lastWroteAtMs).toBeNull();
    await watch.onSent(sent(false));
    expect(watch.presenceOf(account).lastWroteAtMs).toBe(sent(false).sentAtMs);
    const again = await OwnerWatch.open({ ...store, accounts });
    expect(again.presenceOf(account).lastWroteAtMs).toBe(sent(false).sentAtMs);
  });

  test("follows the owner's status and nobody else's", async () => {
    await using store = await openPluginStore(Date.now);
    const watch = await OwnerWatch.open({ ...store, accounts });
    const { account: ref, atMs, id, receivedAtMs } = messageReceived();
    const status = { state: "online", untilMs: atMs } as const;
    const event = { type: "user.status", id, account: ref, atMs, receivedAtMs, user: null, status } as const;
    watch.onStatus({ ...event, userId: parseUserId("42") });
    expect(watch.presenceOf(account).status).toBeNull();
    watch.onStatus({ ...event, userId: parseUserId("7") });
    expect(watch.presenceOf(account).status).toEqual(status);
  });
});
