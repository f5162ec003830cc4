import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import bigInt from "big-integer";
import { Api, type TelegramClient } from "telegram";
import { CustomFile } from "telegram/client/uploads.js";
import { type Emulator, startEmulator, type UserView } from "../../../runtime/emulator/index.ts";
import { connectedTo, refusalOf, signIn } from "./signed-in.ts";

const bytes = randomBytes(3 * 1024 * 1024 + 17);
let emulator: Emulator;
let client: TelegramClient;
let ada: UserView;
let bob: UserView;

beforeEach(async () => {
  emulator = await startEmulator();
  ada = emulator.world.createUser({ firstName: "Ada", phone: "+15550001" });
  bob = emulator.world.createUser({ firstName: "Bob", username: "bobby" });
  client = await connectedTo(emulator);
  await signIn(emulator, client, "+15550001");
});
afterEach(async () => {
  await client.destroy();
  await emulator.stop();
});

describe("upload methods", () => {
  test("take a file of several MB whole", async () => {
    const file = new CustomFile("report.pdf", bytes.length, "", bytes);
    await client.sendFile("bobby", { file, forceDocument: true, workers: 4 });
    const [message] = emulator.world.messages(bob.id, ada.id);
    expect(message?.media).toMatchObject({
      kind: "document",
      fileName: "report.pdf",
      sizeBytes: bytes.length,
    });
    const kept = emulator.world.mediaBytes({ userId: bob.id, chatId: ada.id, messageId: message?.id ?? "" });
    expect(Buffer.compare(kept ?? Buffer.of(), bytes)).toBe(0);
  });

  test("give a file from another data centre", async () => {
    emulator.world.sendMessage({
      fromId: bob.id,
      chatId: ada.id,
      media: { kind: "document", bytes, fileName: "big.bin", dataCentreId: 2 },
    });
    const [message] = await client.getMessages("bobby", { limit: 1 });
    if (message === undefined) throw new Error("No message came");
    const downloaded = await client.downloadMedia(message, {});
    expect(Buffer.isBuffer(downloaded) && Buffer.compare(downloaded, bytes)).toBe(0);
    expect(
      emulator.world.sessions(ada.id).map(({ dataCentreId, isImported }) => [dataCentreId, isImported]),
    ).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  test("hold parts to their alignment and references to their time", async () => {
    emulator.world.sendMessage({ fromId: bob.id, chatId: ada.id, media: { kind: "document", bytes } });
    const [message] = await client.getMessages("bobby", { limit: 1 });
    const document = message?.document;
    if (document === undefined) throw new Error("No document came");
    const { id, accessHash, fileReference } = document;
    const location = new Api.InputDocumentFileLocation({ id, accessHash, fileReference, thumbSize: "" });
    const part = (offset: number, limit: number, precise = false) =>
      client.invoke(new Api.upload.GetFile({ location, offset: bigInt(offset), limit, precise }));
    expect(await refusalOf(part(0, 1000))).toBe("LIMIT_INVALID");
    expect(await refusalOf(part(100, 4096))).toBe("OFFSET_INVALID");
    expect(await refusalOf(part(1024 * 1024 - 4096, 8192))).toBe("LIMIT_INVALID");
    const tail = await part(3 * 1024 * 1024, 4096);
    if (!(tail instanceof Api.upload.File)) throw new Error("No file came");
    expect(Buffer.compare(tail.bytes, bytes.subarray(3 * 1024 * 1024))).toBe(0);
    emulator.world.faults.expireFileReferences();
    expect(await refusalOf(part(0, 4096))).toBe("FILE_REFERENCE_EXPIRED");
  });
});
