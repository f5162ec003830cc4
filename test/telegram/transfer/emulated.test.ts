import { afterAll, beforeAll, expect, test } from "bun:test";
import { isFileMedia, refOf } from "../../../runtime/contract/index.ts";
import type { OutgoingFile, UserView } from "../../../runtime/emulator/index.ts";
import { type EmulatedAccount, openEmulatedAccount } from "../support/emulated-account.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

let rig: EmulatedAccount;
let ann: UserView;
let folder: TemporaryFolder;

beforeAll(async () => {
  rig = await openEmulatedAccount();
  ann = rig.emulator.world.createUser({ firstName: "Ann", username: "annlee" });
  folder = await makeTemporaryFolder();
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const noise = crypto.getRandomValues(Buffer.alloc(65_536));
const bytesOf = (sizeBytes: number) =>
  Buffer.concat(Array.from({ length: Math.ceil(sizeBytes / noise.length) }, () => noise)).subarray(
    0,
    sizeBytes,
  );
const hashOf = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** Ann posts a file; the event of it as the account sees it. */
async function posted(name: string, media: Omit<OutgoingFile, "fileName">) {
  const { world } = rig.emulator;
  world.sendMessage({
    fromId: ann.id,
    chatId: rig.owner.id,
    text: name,
    media: { ...media, fileName: name },
  });
  return rig.event("message.received", ({ text }) => text === name);
}

test("a document of 20 MB comes whole from another data centre", async () => {
  const bytes = bytesOf(20_000_000);
  const message = await posted("big.bin", { kind: "document", bytes, dataCentreId: 2 });
  const path = folder.path("big.bin");
  expect(await rig.telegram.download(refOf(message), path)).toEqual({
    path,
    sizeBytes: bytes.length,
    sha256: hashOf(bytes),
  });
  expect(Bun.file(path).size).toBe(bytes.length);
});

test.each([["photo"], ["voice"], ["video"], ["audio"], ["document"]] as const)(
  "a %s is told as one and comes whole",
  async (kind) => {
    const bytes = bytesOf(70_001);
    const message = await posted(`${kind}.x`, { kind, bytes, width: 640, height: 480, durationMs: 2_000 });
    expect(message.media).toMatchObject({ kind, sizeBytes: bytes.length });
    expect(isFileMedia(message.media)).toBe(true);
    const result = await rig.telegram.download(refOf(message), folder.path(kind));
    expect(result.sha256).toBe(hashOf(bytes));
  },
);

test("a file whose reference has expired is found anew", async () => {
  const bytes = bytesOf(3_000_000);
  const message = await posted("old.bin", { kind: "document", bytes });
  rig.emulator.world.faults.expireFileReferences();
  expect(await rig.telegram.download(refOf(message), folder.path("old.bin"))).toMatchObject({
    sha256: hashOf(bytes),
  });
});

test("a download goes on when its connection is cut", async () => {
  const bytes = bytesOf(6_000_000);
  const message = await posted("cut.bin", { kind: "document", bytes });
  rig.emulator.world.faults.dropOnCall({ method: "upload.getFile" });
  expect(await rig.telegram.download(refOf(message), folder.path("cut.bin"))).toMatchObject({
    sha256: hashOf(bytes),
  });
});

test.each([
  ["small", 1_500_000],
  ["big", 11_000_000],
])("a %s file that is uploaded is what the others hold", async (name, sizeBytes) => {
  const bytes = bytesOf(sizeBytes);
  await Bun.write(folder.path(name), bytes);
  const sent = await rig.telegram.upload("@annlee", {
    path: folder.path(name),
    kind: "document",
    caption: name,
  });
  expect(sent).toMatchObject({ text: name, media: { kind: "document", fileName: name, sizeBytes } });
  const held = rig.emulator.world.messages(ann.id, rig.owner.id).at(-1);
  expect(held?.media).toMatchObject({ sizeBytes, sha256: hashOf(bytes) });
  const back = await rig.telegram.download(refOf(sent), folder.path(`${name}.back`));
  expect(back.sha256).toBe(hashOf(bytes));
});
