import { beforeEach, describe, expect, test } from "bun:test";
import { World } from "../../../runtime/emulator/world/world.ts";
import { WorldState } from "../../../runtime/emulator/world/world-state.ts";

let world: World;
let nowMs: number;
let state: WorldState;

beforeEach(() => {
  nowMs = 1_700_000_000_000;
  state = new WorldState({ now: () => nowMs, usesShortUpdates: false, dataCentreIds: [1, 2] });
  world = new World(state);
});

describe("World", () => {
  test("numbers a private message in each person's own box", () => {
    const [ann, ben, cid] = ["Ann", "Ben", "Cid"].map((firstName) => world.createUser({ firstName }).id);
    if (ann === undefined || ben === undefined || cid === undefined) throw new Error("unreachable");
    world.sendMessage({ fromId: cid, chatId: ben, text: "first" });
    const sent = world.sendMessage({ fromId: ann, chatId: ben, text: "second" });
    expect([sent.id, world.messages(ben, ann)[0]?.id]).toEqual(["1", "2"]);
  });

  test("keeps notes to oneself once", () => {
    const ann = world.createUser({ firstName: "Ann" }).id;
    world.sendMessage({ fromId: ann, chatId: ann, text: "milk" });
    expect(world.messages(ann, ann)).toMatchObject([{ text: "milk", isOutgoing: false }]);
    expect(world.updatesPushed(ann).total).toBe(1);
  });

  test("raises the pts by each deleted message", () => {
    const ann = world.createUser({ firstName: "Ann" }).id;
    const ben = world.createUser({ firstName: "Ben" }).id;
    const ids = ["a", "b", "c"].map((text) => world.sendMessage({ fromId: ann, chatId: ben, text }).id);
    world.deleteMessages({ userId: ann, chatId: ben, messageIds: ids.slice(0, 2) });
    expect(state.person(Number(ben)).box.log.pts).toBe(1 + 3 + 2);
    expect(world.messages(ben, ann).map(({ text }) => text)).toEqual(["c"]);
  });

  test("refuses names and phones that are taken", () => {
    world.createUser({ firstName: "Ann", username: "annie", phone: "+1 555 0001" });
    expect(() => world.createUser({ firstName: "Ben", username: "ANNIE" })).toThrow("USERNAME_OCCUPIED");
    expect(() => world.createUser({ firstName: "Ben", phone: "15550001" })).toThrow("PHONE_NUMBER_OCCUPIED");
    expect(world.users().map(({ firstName }) => firstName)).toEqual(["Telegram", "Ann"]);
  });

  test("ends a link at its time and at its limit", () => {
    const [owner, ben, cid] = ["Owner", "Ben", "Cid"].map((firstName) => world.createUser({ firstName }).id);
    if (owner === undefined || ben === undefined || cid === undefined) throw new Error("unreachable");
    const { id } = world.createChannel({ title: "News", creatorId: owner });
    const once = world.createInviteLink({ chatId: id, adminId: owner, usageLimit: 1 });
    world.joinByLink(ben, once.url);
    expect(() => world.joinByLink(cid, once.url)).toThrow("INVITE_HASH_EXPIRED");
    const brief = world.createInviteLink({ chatId: id, adminId: owner, expiresAtMs: nowMs + 10_000 });
    nowMs += 11_000;
    expect(() => world.joinByLink(cid, brief.url)).toThrow("INVITE_HASH_EXPIRED");
    expect(() => world.joinByLink(cid, "https://t.me/+unknown")).toThrow("INVITE_HASH_INVALID");
  });

  test("says in a supergroup who came and went, and not in a channel", () => {
    const owner = world.createUser({ firstName: "Owner" }).id;
    const ben = world.createUser({ firstName: "Ben" }).id;
    const actions = (chatId: string) => world.messages(owner, chatId).map(({ action }) => action);
    const group = world.createSupergroup({ title: "Room", creatorId: owner });
    const channel = world.createChannel({ title: "News", creatorId: owner });
    for (const { id } of [group, channel]) {
      world.join(ben, id);
      world.leave(ben, id);
    }
    expect(actions(group.id)).toEqual([
      "messageActionChannelCreate",
      "messageActionChatAddUser",
      "messageActionChatDeleteUser",
    ]);
    expect(actions(channel.id)).toEqual(["messageActionChannelCreate"]);
  });

  test("meets a fault as often as it was told, for whom it was told", () => {
    const ann = Number(world.createUser({ firstName: "Ann" }).id);
    world.faults.rpcError({
      userId: String(ann),
      method: "x.y",
      errorCode: 403,
      errorMessage: "NO",
      times: 2,
    });
    const meet = (userId: number) => state.faults.meet(userId, "x.y");
    expect([meet(1), meet(ann), meet(ann), meet(ann)].map((met) => met !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("lets a flood wait run out", () => {
    world.faults.floodWait({ method: "x.y", seconds: 10 });
    const meet = () => state.faults.meet(1, "x.y");
    expect(meet()).toMatchObject({ errorMessage: "FLOOD_WAIT_10" });
    nowMs += 4000;
    expect(meet()).toMatchObject({ errorMessage: "FLOOD_WAIT_6" });
    nowMs += 6000;
    expect(meet()).toBeUndefined();
  });
});
