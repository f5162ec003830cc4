import { describe, expect, test } from "bun:test";
import { parseChatId, refOf } from "../../../runtime/contract/index.ts";
import type { Account } from "../../../runtime/telegram/index.ts";
import { type EmulatedAccount, openEmulatedAccount } from "../support/emulated-account.ts";

/** The account as it is after a restart of the program. */
async function restarted(rig: EmulatedAccount): Promise<Account> {
  await rig.account.stop();
  const account = rig.again();
  await account.start({ signal: AbortSignal.timeout(20_000) });
  return account;
}

/** Texts of the chat with a person, the oldest first. */
const textsWith = ({ emulator, owner }: EmulatedAccount, personId: string) =>
  emulator.world.messages(personId, owner.id).map(({ text }) => text);

const flood = (seconds: number) => ({ method: "messages.sendMessage", seconds });
const refusal = (method: string, errorMessage: string) => ({ method, errorCode: 400, errorMessage });

describe("flood control, over the emulator", () => {
  test("holds one method and no other, tells so, and shows it in the account's health", async () => {
    await using rig = await openEmulatedAccount();
    const ann = parseChatId(rig.emulator.world.createUser({ firstName: "Ann", username: "annlee" }).id);
    rig.emulator.world.faults.floodWait(flood(30));
    await expect(rig.telegram.send("@annlee", "hello", { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: "FLOOD_WAIT",
      data: { method: "messages.sendMessage" },
    });
    expect((await rig.telegram.history(ann)).messages).toEqual([]);
    expect(await rig.event("flood.waiting")).toMatchObject({ method: "messages.sendMessage" });
    expect(rig.account.health().waits).toMatchObject([
      { method: "messages.sendMessage", isRestriction: false },
    ]);
  });

  test("holds one chat and no other at a slow mode", async () => {
    await using rig = await openEmulatedAccount();
    const [slow, other] = ["Slow", "Other"].map((title) =>
      parseChatId(rig.emulator.world.createSupergroup({ title, creatorId: rig.owner.id }).id),
    );
    if (slow === undefined || other === undefined) throw new Error("There are no chats");
    rig.emulator.world.faults.rpcError(refusal("messages.sendMessage", "SLOWMODE_WAIT_30"));
    await rig.telegram.dialogs();
    await expect(rig.telegram.send(slow, "a", { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: "FLOOD_WAIT",
    });
    expect(await rig.telegram.send(other, "b", { timeoutMs: 5_000 })).toMatchObject({ text: "b" });
  });

  test("keeps waits over a restart, and does not ask again before they are over", async () => {
    await using rig = await openEmulatedAccount();
    rig.emulator.world.createUser({ firstName: "Ann", username: "annlee" });
    rig.emulator.world.faults.floodWait(flood(60));
    await rig.telegram.send("@annlee", "hello", { timeoutMs: 5_000 }).catch(() => undefined);
    const { waits } = rig.account.health();
    rig.emulator.world.faults.clear();
    const after = await restarted(rig);
    expect(after.health().waits).toEqual(waits);
    await expect(after.telegram.send("@annlee", "again", { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: "FLOOD_WAIT",
    });
  });

  test("lets a person who waits go before an archive once the wait is over", async () => {
    await using rig = await openEmulatedAccount();
    const ann = rig.emulator.world.createUser({ firstName: "Ann", username: "annlee" });
    await rig.telegram.resolve("@annlee");
    rig.emulator.world.faults.floodWait(flood(1));
    const sends = [rig.telegram.send("@annlee", "first")];
    await rig.event("flood.waiting");
    for (const [text, priority] of [
      ["archive", "background"],
      ["plain", "normal"],
      ["answer", "interactive"],
    ] as const) {
      sends.push(rig.telegram.send("@annlee", text, { priority }));
    }
    await Promise.all(sends);
    expect(textsWith(rig, ann.id)).toEqual(["answer", "first", "plain", "archive"]);
  });

  test("refuses the call that finds the line full, and says so", async () => {
    await using rig = await openEmulatedAccount();
    rig.emulator.world.faults.floodWait({ method: "help.getNearestDc", seconds: 30 });
    const stop = new AbortController();
    const ask = () => rig.telegram.invoke("help.getNearestDc", {}, { signal: stop.signal });
    const first = ask();
    await rig.event("flood.waiting");
    const ends = Promise.allSettled([first, ...Array.from({ length: 999 }, ask)]);
    await expect(ask()).rejects.toMatchObject({ code: "RPC_QUEUE_FULL" });
    stop.abort();
    expect((await ends).every(({ status }) => status === "rejected")).toBe(true);
    expect(rig.account.health().callsWaiting).toBe(0);
  });

  test("makes a call again whose connection was cut before the answer, and sends once", async () => {
    await using rig = await openEmulatedAccount();
    const ann = rig.emulator.world.createUser({ firstName: "Ann", username: "annlee" });
    rig.emulator.world.faults.dropOnCall({ method: "messages.sendMessage" });
    expect(await rig.telegram.send("@annlee", "hello")).toMatchObject({ text: "hello" });
    expect(textsWith(rig, ann.id)).toEqual(["hello"]);
  });

  test("makes no invite link twice when the answer was lost", async () => {
    await using rig = await openEmulatedAccount();
    const club = parseChatId(
      rig.emulator.world.createSupergroup({ title: "Club", creatorId: rig.owner.id }).id,
    );
    await rig.telegram.dialogs();
    rig.emulator.world.faults.dropOnCall({ method: "messages.exportChatInvite" });
    await expect(rig.telegram.createInviteLink(club)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("stops what is unsolicited after PEER_FLOOD, over a restart too, and lets answers go on", async () => {
    await using rig = await openEmulatedAccount();
    const ann = rig.emulator.world.createUser({ firstName: "Ann", username: "annlee" });
    rig.emulator.world.createUser({ firstName: "Ben", username: "benny" });
    const club = parseChatId(
      rig.emulator.world.createSupergroup({ title: "Club", creatorId: rig.owner.id }).id,
    );
    rig.emulator.world.sendMessage({ fromId: ann.id, chatId: rig.owner.id, text: "hi" });
    const hi = await rig.event("message.received", ({ text }) => text === "hi");
    await rig.telegram.dialogs();
    rig.emulator.world.faults.rpcError(refusal("channels.inviteToChannel", "PEER_FLOOD"));
    await expect(rig.telegram.invite(club, ["@benny"])).rejects.toMatchObject({ code: "PEER_FLOOD" });
    expect(await rig.event("account.restricted")).toMatchObject({ restriction: "unsolicited" });
    const after = await restarted(rig);
    const flagged = { code: "PEER_FLOOD", category: "FLOOD_BLOCK" };
    await expect(after.telegram.invite(club, ["@benny"])).rejects.toMatchObject(flagged);
    await expect(after.telegram.send("@benny", "buy this")).rejects.toMatchObject(flagged);
    await after.telegram.reply(refOf(hi), "hello Ann");
    await after.telegram.send(club, "hello all");
    expect(textsWith(rig, ann.id)).toEqual(["hi", "hello Ann"]);
    expect(after.health().waits).toMatchObject([{ method: "unsolicited", isRestriction: true }]);
  });

  test("stops all writes of a frozen account, over a restart too, and lets it look", async () => {
    await using rig = await openEmulatedAccount();
    rig.emulator.world.createUser({ firstName: "Ann", username: "annlee" });
    rig.emulator.world.faults.rpcError(refusal("messages.sendMessage", "FROZEN_METHOD_INVALID"));
    const frozen = { code: "FROZEN_METHOD_INVALID" };
    await expect(rig.telegram.send("@annlee", "hello")).rejects.toMatchObject(frozen);
    expect(rig.account.state.state).toBe("frozen");
    const after = await restarted(rig);
    await expect(after.telegram.send("@annlee", "hello")).rejects.toMatchObject(frozen);
    expect((await after.telegram.history("@annlee")).messages).toEqual([]);
    expect(after.health().waits).toMatchObject([{ method: "writes", isRestriction: true }]);
  });
});
