import { expect, test } from "bun:test";
import { truncate } from "node:fs/promises";
import type { FileContent } from "../../../runtime/contract/index.ts";
import type { RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { openRigAccount } from "../support/rig-account.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { ann } from "../support/tl.ts";

const partBytes = 512 * 1024;

/** Keeps what was uploaded, and answers `messages.sendMedia` with a message. */
function receiving() {
  const parts = new Map<number, Uint8Array>();
  const sent: TlObject[] = [];
  const keep = (request: TlObject) => {
    const { file_part: number, bytes } = request;
    if (typeof number === "number" && bytes instanceof Uint8Array) parts.set(number, bytes);
    return true;
  };
  const handlers: RpcHandlers = {
    "upload.saveFilePart": keep,
    "upload.saveBigFilePart": keep,
    "messages.sendMedia": (request) => {
      sent.push(request);
      return {
        _: "updates",
        updates: [
          { _: "updateMessageID", id: 9, random_id: request.random_id ?? 0n },
          {
            _: "updateNewMessage",
            pts: 1,
            pts_count: 1,
            message: {
              _: "message",
              out: true,
              id: 9,
              peer_id: { _: "peerUser", user_id: 42n },
              date: 1_000,
              message: request.message ?? "",
            },
          },
        ],
        users: [],
        chats: [],
        date: 1_000,
        seq: 0,
      };
    },
  };
  const whole = () => Buffer.concat([...parts].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes));
  return { handlers, sent, whole };
}

async function openWithAnn(handlers: RpcHandlers) {
  const account = await openRigAccount(handlers);
  await account.peers.store.remember({ users: [ann], chats: [] });
  return account;
}

test("upload sends a small file in parts with its checksum, then the message", async () => {
  const { handlers, sent, whole } = receiving();
  await using account = await openWithAnn(handlers);
  await using folder = await makeTemporaryFolder();
  const bytes = crypto.getRandomValues(Buffer.alloc(60_000));
  const content = Buffer.concat(Array.from({ length: 20 }, () => bytes));
  await Bun.write(folder.path("song.mp3"), content);
  const seen: number[] = [];
  const message = await account.telegram.upload(
    "@ann",
    { path: folder.path("song.mp3"), kind: "audio", durationMs: 61_400, caption: "listen" },
    { onProgress: ({ transferredBytes }) => seen.push(transferredBytes) },
  );
  expect(message).toMatchObject({ id: "9", direction: "outgoing", text: "listen", chat: { id: "42" } });
  expect(whole().equals(content)).toBe(true);
  expect(seen.at(-1)).toBe(content.byteLength);
  expect(sent).toMatchObject([
    {
      media: {
        _: "inputMediaUploadedDocument",
        mime_type: "audio/mpeg",
        file: {
          _: "inputFile",
          parts: Math.ceil(content.byteLength / partBytes),
          name: "song.mp3",
          md5_checksum: new Bun.CryptoHasher("md5").update(content).digest("hex"),
        },
        attributes: [
          { _: "documentAttributeFilename", file_name: "song.mp3" },
          { _: "documentAttributeAudio", duration: 61 },
        ],
      },
    },
  ]);
  expect(account.published).toHaveLength(1);
});

test("upload sends more than 10 MB as a big file", async () => {
  const { handlers, sent, whole } = receiving();
  await using account = await openWithAnn(handlers);
  await using folder = await makeTemporaryFolder();
  const content = Buffer.alloc(11 * 1024 * 1024, "telegraphist");
  await Bun.write(folder.path("big.bin"), content);
  await account.telegram.upload("@ann", { path: folder.path("big.bin"), kind: "document" });
  expect(whole().equals(content)).toBe(true);
  expect(sent).toMatchObject([
    { media: { force_file: true, file: { _: "inputFileBig", parts: 22, name: "big.bin" } } },
  ]);
});

test.each<[FileContent["kind"], string, object]>([
  ["photo", "a.jpg", { _: "inputMediaUploadedPhoto" }],
  ["voice", "a.oga", { mime_type: "audio/ogg", attributes: [{ _: "documentAttributeAudio", voice: true }] }],
  [
    "video",
    "a.mp4",
    { mime_type: "video/mp4", attributes: [{}, { _: "documentAttributeVideo", w: 640, h: 480 }] },
  ],
  ["document", "a.unknown", { mime_type: "application/octet-stream", force_file: true }],
])("upload shows a %s as one", async (kind, name, media) => {
  const { handlers, sent } = receiving();
  await using account = await openWithAnn(handlers);
  await using folder = await makeTemporaryFolder();
  await Bun.write(folder.path(name), "bytes");
  await account.telegram.upload("@ann", { path: folder.path(name), kind, width: 640, height: 480 });
  expect(sent).toMatchObject([{ media }]);
});

test("upload refuses what cannot be sent before anything is", async () => {
  const { handlers, sent } = receiving();
  await using account = await openWithAnn(handlers);
  await using folder = await makeTemporaryFolder();
  await Bun.write(folder.path("empty"), "");
  await Bun.write(folder.path("huge"), "");
  await truncate(folder.path("huge"), 4_000 * partBytes + 1);
  const upload = (name: string, caption = "") =>
    account.telegram.upload("@ann", { path: folder.path(name), kind: "document", caption });
  await expect(upload("missing")).rejects.toMatchObject({ code: "MEDIA_UNREADABLE", category: "NOT_FOUND" });
  await expect(upload("empty")).rejects.toMatchObject({ code: "MEDIA_EMPTY", category: "INVALID" });
  await expect(upload("huge")).rejects.toMatchObject({ code: "MEDIA_TOO_LARGE", category: "INVALID" });
  await expect(upload("empty", "x".repeat(1025))).rejects.toMatchObject({ code: "CALL_INVALID" });
  expect(sent).toEqual([]);
});
