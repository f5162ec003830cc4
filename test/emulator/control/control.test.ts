import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Emulator, startEmulator } from "../../../runtime/emulator/index.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(emulator.controlUrl + path, {
    method,
    ...(body !== undefined && {
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });
  return { status: response.status, body: await response.json() };
}

describe("control", () => {
  test("lets people be made, write, and be read", async () => {
    const ann = emulator.world.createUser({ firstName: "Ann" }).id;
    const { body } = await ask("POST", "/users", { firstName: "Ben", username: "benny" });
    expect(body).toMatchObject({ firstName: "Ben", username: "benny", isBot: false });
    const ben = emulator.world.users().find(({ username }) => username === "benny")?.id;
    const media = { kind: "photo", base64: Buffer.from("picture").toString("base64") };
    const sent = await ask("POST", "/messages", { fromId: ben, chatId: ann, text: "look", media });
    expect(sent).toMatchObject({
      status: 200,
      body: { text: "look", media: { kind: "photo", sizeBytes: 7 } },
    });
    const held = await ask("GET", `/users/${ann}/chats/${ben}/messages`);
    expect(held.body).toMatchObject([{ text: "look", fromId: ben, isOutgoing: false }]);
    const file = await ask("GET", `/messages/file?userId=${ann}&chatId=${ben}&messageId=1`);
    expect(file.body).toEqual({ base64: media.base64 });
    expect((await ask("GET", `/users/${ann}/updates`)).body).toEqual({
      total: 1,
      byType: { updateNewMessage: 1 },
    });
  });

  test("steers chats, links, and join requests", async () => {
    const owner = emulator.world.createUser({ firstName: "Owner" }).id;
    const guest = emulator.world.createUser({ firstName: "Guest" }).id;
    const { id } = emulator.world.createSupergroup({ title: "Room", creatorId: owner });
    await ask("POST", `/chats/${id}/join-requests`, { userId: guest, about: "please" });
    expect((await ask("GET", `/chats/${id}/join-requests`)).body).toEqual([guest]);
    await ask("POST", `/chats/${id}/join-requests/${guest}`, { adminId: owner, approved: true });
    expect((await ask("GET", `/chats/${id}/members`)).body).toMatchObject([
      { userId: owner },
      { userId: guest },
    ]);
    const again = await ask("POST", `/chats/${id}/join`, { userId: guest });
    expect(again).toMatchObject({ status: 400, body: { error: { code: "USER_ALREADY_PARTICIPANT" } } });
  });

  test("moves an account to another data centre, and to none that is not there", async () => {
    const { id } = emulator.world.createUser({ firstName: "Mover" });
    expect(await ask("PUT", `/users/${id}/home`, { dataCentreId: 2 })).toMatchObject({ status: 200 });
    const refused = await ask("PUT", `/users/${id}/home`, { dataCentreId: 9 });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "DC_ID_INVALID" } } });
  });

  test("refuses bodies that are broken, wrong, or too large", async () => {
    expect(await ask("POST", "/users", "{")).toMatchObject({
      status: 400,
      body: { error: { code: "CONTROL_INVALID_BODY" } },
    });
    expect(await ask("POST", "/users", { lastName: "x" })).toMatchObject({
      status: 422,
      body: { error: { code: "CONTROL_INVALID" } },
    });
    expect(await ask("GET", "/nowhere")).toMatchObject({
      status: 404,
      body: { error: { code: "CONTROL_NOT_FOUND" } },
    });
    const large = await fetch(`${emulator.controlUrl}/users`, {
      method: "POST",
      body: "x".repeat(33 * 1024 * 1024),
    });
    expect(large.status).toBe(413);
  });

  test("documents every route", async () => {
    const { body } = await ask("GET", "/openapi.json");
    expect(body).toHaveProperty(["paths", "/faults/flood-wait", "post", "summary"]);
    expect((await fetch(`${emulator.controlUrl}/docs`)).status).toBe(200);
  });

  test("tells a client how to connect", async () => {
    expect((await ask("GET", "/server")).body).toEqual(JSON.parse(JSON.stringify(emulator.server)));
  });
});
