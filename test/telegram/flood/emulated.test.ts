import { describe, expect, test } from "bun:test";
import { parseChatId, refOf, type Telegram } from "../../../runtime/contract/index.ts";
import { startEmulator } from "../../../runtime/emulator/index.ts";
import { recordAccount } from "../support/recorded-account.ts";
import { memoryStorage } from "../support/storage.ts";

const phone = "+15550001";

/** A person's account over the whole of a local Telegram, which can be started again as after a restart. */
async function openAccount() {
  const stack = new AsyncDisposableStack();
  const { world, server } = stack.use(await startEmulator());
  const owner = world.createUser({ firstName: "Owner", phone });
  const storage = stack.use(await memoryStorage());
  const recorded = recordAccount(server, storage);
  let { account } = recorded;
  stack.defer(() => account.stop());
  await account.login({
    phone: async () => phone,
    code: async () => world.loginCode(phone) ?? "",
    password: async () => "",
  });
  const start = () => account.start({ signal: AbortSignal.timeout(20_000) });
  await start();
  return {
    world,
    owner,
    event: recorded.event,
    get account() {
      return account;
    },
    get telegram(): Telegram {
      return account.telegram;
    },
    /** Texts of the chat with a person, the oldest first. */
    textsWith: (personId: string) => world.messages(personId, owner.id).map(({ text }) => text),
    async restart() {
      await account.stop();
      account = recorded.again();
      await start();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const flood = (seconds: number) => ({ method: "messages.sendMessage", seconds });
const refusal = (method: string, errorMessage: string) => ({ method, errorCode: 400, errorMessage });

describe("flood control, over the emulator", () => {
  test("holds one method and no other, tells so, and shows it in the account's health", async () => {
    await using rig = await openAccount();
    const ann = parseChatId(rig.world.createUser({ firstName: "Ann", username: "annlee" }).id);
    rig.world.faults.floodWait(flood(30));
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
    await using rig = await openAccount();
    const [slow, other] = ["Slow", "Other"].map((title) =>
      parseChatId(rig.world.createSupergroup({ title, creatorId: rig.owner.id }).id),
    );
    if (slow === undefined || other === undefined) throw new Error("There are no chats");
    rig.world.faults.rpcError(refusal("messages.sendMessage", "SLOWMODE_WAIT_30"));
    await rig.telegram.dialogs();
    await expect(rig.telegram.send(slow, "a", { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: "FLOOD_WAIT",
    });
    expect(await rig.telegram.send(other, "b", { timeoutMs: 5_000 })).toMatchObject({ text: "b" });
  });

  test("keeps waits over a restart, and does not ask again before they are over", async () => {
    await using rig = await openAccount();
    rig.world.createUser({ firstName: "Ann", username: "annlee" });
    rig.world.faults.floodWait(flood(60));
    await rig.telegram.send("@annlee", "hello", { timeoutMs: 5_000 }).catch(() => undefined);
    const { waits } = rig.account.health();
    rig.world.faults.clear();
    await rig.restart();
    expect(rig.account.health().waits).toEqual(waits);
    await expect(rig.telegram.send("@annlee", "again", { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: "FLOOD_WAIT",
    });
  });

  test("lets a person who waits go before an archive once the wait is over", async () => {
    await using rig = await openAccount();
    const ann = rig.world.createUser({ firstName: "Ann", username: "annlee" });
    await rig.telegram.resolve("@annlee");
    rig.world.faults.floodWait(flood(1));
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
    expect(rig.textsWith(ann.id)).toEqual(["answer", "first", "plain", "archive"]);
  });

  test("refuses the call that finds the line full, and says so", async () => {
    await using rig = await openAccount();
    rig.world.faults.floodWait({ method: "help.getNearestDc", seconds: 30 });
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
    await using rig = await openAccount();
    const ann = rig.world.createUser({ firstName: "Ann", username: "annlee" });
    rig.world.faults.dropOnCall({ method: "messages.sendMessage" });
    expect(await rig.telegram.send("@annlee", "hello")).toMatchObject({ text: "hello" });
    expect(rig.textsWith(ann.id)).toEqual(["hello"]);
  });

  test("makes no invite link twice when the answer was lost", async () => {
    await using rig = await openAccount();
    const club = parseChatId(rig.world.createSupergroup({ title: "Club", creatorId: rig.owner.id }).id);
    await rig.telegram.dialogs();
    rig.world.faults.dropOnCall({ method: "messages.exportChatInvite" });
    await expect(rig.telegram.createInviteLink(club)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("stops what is unsolicited after PEER_FLOOD, over a restart too, and lets answers go on", async () => {
    await using rig = await openAccount();
    const ann = rig.world.createUser({ firstName: "Ann", username: "annlee" });
    rig.world.createUser({ firstName: "Ben", username: "benny" });
    const club = parseChatId(rig.world.createSupergroup({ title: "Club", creatorId: rig.owner.id }).id);
    rig.world.sendMessage({ fromId: ann.id, chatId: rig.owner.id, text: "hi" });
    const hi = await rig.event("message.received", ({ text }) => text === "hi");
    await rig.telegram.dialogs();
    rig.world.faults.rpcError(refusal("channels.inviteToChannel", "PEER_FLOOD"));
    await expect(rig.telegram.invite(club, ["@benny"])).rejects.toMatchObject({ code: "PEER_FLOOD" });
    expect(await rig.event("account.restricted")).toMatchObject({ restriction: "unsolicited" });
    await rig.restart();
    const flagged = { code: "PEER_FLOOD", category: "FLOOD_BLOCK" };
    await expect(rig.telegram.invite(club, ["@benny"])).rejects.toMatchObject(flagged);
    await expect(rig.telegram.send("@benny", "buy this")).rejects.toMatchObject(flagged);
    await rig.telegram.reply(refOf(hi), "hello Ann");
    await rig.telegram.send(club, "hello all");
    expect(rig.textsWith(ann.id)).toEqual(["hi", "hello Ann"]);
    expect(rig.account.health().waits).toMatchObject([{ method: "unsolicited", isRestriction: true }]);
  });

  test("stops all writes of a frozen account, over a restart too, and lets it look", async () => {
    await using rig = await openAccount();
    rig.world.createUser({ firstName: "Ann", username: "annlee" });
    rig.world.faults.rpcError(refusal("messages.sendMessage", "FROZEN_METHOD_INVALID"));
    const frozen = { code: "FROZEN_METHOD_INVALID" };
    await expect(rig.telegram.send("@annlee", "hello")).rejects.toMatchObject(frozen);
    expect(rig.account.state.state).toBe("frozen");
    await rig.restart();
    await expect(rig.telegram.send("@annlee", "hello")).rejects.toMatchObject(frozen);
    expect((await rig.telegram.history("@annlee")).messages).toEqual([]);
    expect(rig.account.health().waits).toMatchObject([{ method: "writes", isRestriction: true }]);
  });
});
