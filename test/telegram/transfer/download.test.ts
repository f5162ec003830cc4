import { expect, test } from "bun:test";
import { parseChatId, parseMessageId } from "../../../runtime/contract/index.ts";
import { RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { openRigAccount } from "../support/rig-account.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";

const ref = { chatId: parseChatId("42"), messageId: parseMessageId("5") };
const partBytes = 512 * 1024;
const content = crypto.getRandomValues(new Uint8Array(65_536));
/** Three parts and a bit. */
const sizeBytes = 3 * partBytes + 1_234;
const file = new Uint8Array(sizeBytes).map((_, index) => content[index % content.length] ?? 0);
const sha256 = new Bun.CryptoHasher("sha256").update(file).digest("hex");

/** A message in the chat with Ann whose document the handlers below serve. */
function messageWith(fileReference: number, document: Record<string, unknown> = {}): TlObject {
  return {
    _: "messages.messages",
    messages: [
      {
        _: "message",
        id: 5,
        peer_id: { _: "peerUser", user_id: 42n },
        date: 1_000,
        message: "",
        media: {
          _: "messageMediaDocument",
          document: {
            _: "document",
            id: 9n,
            access_hash: 8n,
            file_reference: new Uint8Array([fileReference]),
            date: 1_000,
            mime_type: "application/octet-stream",
            size: BigInt(sizeBytes),
            dc_id: 2,
            attributes: [],
            ...document,
          },
        },
      },
    ],
    chats: [],
    users: [{ _: "user", id: 42n, access_hash: 4_200n, first_name: "Ann" }],
  };
}

function partOf(request: TlObject): TlObject {
  const { offset, limit } = request;
  if (typeof offset !== "bigint" || typeof limit !== "number") throw new Error("not a getFile");
  const bytes = file.subarray(Number(offset), Number(offset) + limit);
  return { _: "upload.file", type: { _: "storage.fileUnknown" }, mtime: 0, bytes };
}

function serving(handlers: RpcHandlers = {}): RpcHandlers {
  return { "messages.getMessages": () => messageWith(1), "upload.getFile": partOf, ...handlers };
}

const referenceOf = (request: TlObject): number => {
  const { location } = request;
  const held =
    typeof location === "object" && "file_reference" in location ? location.file_reference : undefined;
  return held instanceof Uint8Array ? (held[0] ?? 0) : 0;
};

test("download writes the file whole under its name, with its hash, size and progress", async () => {
  await using account = await openRigAccount(serving());
  await using folder = await makeTemporaryFolder();
  const path = folder.path("a.bin");
  const seen: number[] = [];
  const onProgress = ({ transferredBytes }: { transferredBytes: number }) => seen.push(transferredBytes);
  expect(await account.telegram.download(ref, path, { onProgress })).toEqual({ path, sizeBytes, sha256 });
  expect(new Uint8Array(await Bun.file(path).arrayBuffer())).toEqual(file);
  expect(await folder.names()).toEqual(["a.bin"]);
  expect(seen.at(-1)).toBe(sizeBytes);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

test("download asks for aligned parts, several before the first has come", async () => {
  const offsets: bigint[] = [];
  const several = Promise.withResolvers<void>();
  await using account = await openRigAccount(
    serving({
      "upload.getFile": async (request) => {
        if (typeof request.offset === "bigint") offsets.push(request.offset);
        if (offsets.length === 4) several.resolve();
        await several.promise;
        return partOf(request);
      },
    }),
  );
  await using folder = await makeTemporaryFolder();
  await account.telegram.download(ref, folder.path("a.bin"));
  expect(offsets.toSorted()).toEqual([0, 1, 2, 3].map((index) => BigInt(index * partBytes)).toSorted());
});

test("download fetches the message again when its file reference expires on the way", async () => {
  let current = 1;
  let fetches = 0;
  await using account = await openRigAccount(
    serving({
      "messages.getMessages": () => {
        fetches += 1;
        return messageWith(current);
      },
      "upload.getFile": (request) => {
        if (request.offset === BigInt(partBytes) && current === 1) current = 2;
        if (referenceOf(request) !== current) throw new RpcError(400, "FILE_REFERENCE_EXPIRED");
        return partOf(request);
      },
    }),
  );
  await using folder = await makeTemporaryFolder();
  expect(await account.telegram.download(ref, folder.path("a.bin"))).toMatchObject({ sha256 });
  expect(fetches).toBe(2);
});

test("download gives up when the reference expires again and again, and leaves nothing behind", async () => {
  await using account = await openRigAccount(
    serving({
      "upload.getFile": () => {
        throw new RpcError(400, "FILE_REFERENCE_EXPIRED");
      },
    }),
  );
  await using folder = await makeTemporaryFolder();
  const download = account.telegram.download(ref, folder.path("a.bin"));
  await expect(download).rejects.toMatchObject({ code: "FILE_REFERENCE_EXPIRED" });
  expect(await folder.names()).toEqual([]);
});

test("download follows the file to another data centre", async () => {
  await using account = await openRigAccount(
    serving({
      "upload.getFile": (request) => {
        if (account.fileCentres.at(-1) === 2) throw new RpcError(303, "FILE_MIGRATE_4");
        return partOf(request);
      },
    }),
  );
  await using folder = await makeTemporaryFolder();
  expect(await account.telegram.download(ref, folder.path("a.bin"))).toMatchObject({ sha256 });
  expect(account.fileCentres.at(-1)).toBe(4);
});

test("download keeps what was there when bytes are missing", async () => {
  await using account = await openRigAccount(
    serving({ "upload.getFile": (request) => ({ ...partOf(request), bytes: new Uint8Array(10) }) }),
  );
  await using folder = await makeTemporaryFolder();
  await Bun.write(folder.path("a.bin"), "before");
  const download = account.telegram.download(ref, folder.path("a.bin"));
  await expect(download).rejects.toMatchObject({ code: "MEDIA_SIZE_MISMATCH", retryable: true });
  expect(await folder.names()).toEqual(["a.bin"]);
  expect(await Bun.file(folder.path("a.bin")).text()).toBe("before");
});

test("download stops when its signal is aborted, and leaves nothing behind", async () => {
  const stop = new AbortController();
  await using account = await openRigAccount(
    serving({
      "upload.getFile": async (request) => {
        if (request.offset !== 0n) stop.abort();
        return partOf(request);
      },
    }),
  );
  await using folder = await makeTemporaryFolder();
  const download = account.telegram.download(ref, folder.path("a.bin"), { signal: stop.signal });
  await expect(download).rejects.toMatchObject({ category: "CANCELLED" });
  expect(await folder.names()).toEqual([]);
});

test("download says when there is no file, no message, or no folder", async () => {
  let answer: TlObject = messageWith(1);
  await using account = await openRigAccount(serving({ "messages.getMessages": () => answer }));
  await using folder = await makeTemporaryFolder();
  const noFolder = account.telegram.download(ref, folder.path("missing/a.bin"));
  await expect(noFolder).rejects.toMatchObject({ code: "MEDIA_UNWRITABLE", category: "STORAGE" });
  answer = { _: "messages.messages", messages: [{ _: "messageEmpty", id: 5 }], chats: [], users: [] };
  const gone = account.telegram.download(ref, folder.path("a.bin"));
  await expect(gone).rejects.toThrow("it is gone");
  await expect(gone).rejects.toMatchObject({ code: "MEDIA_NONE", category: "NOT_FOUND" });
});

test("download does not reach into another chat by a number", async () => {
  await using account = await openRigAccount(serving({ "messages.getMessages": () => messageWith(1) }));
  await using folder = await makeTemporaryFolder();
  const elsewhere = { ...ref, chatId: parseChatId("43") };
  const download = account.telegram.download(elsewhere, folder.path("a.bin"));
  await expect(download).rejects.toMatchObject({ code: "MEDIA_NONE" });
  expect(await folder.names()).toEqual([]);
});

test("download refuses a redirect to a CDN, which it did not ask for", async () => {
  const empty = new Uint8Array(16);
  const redirect = {
    dc_id: 9,
    file_token: empty,
    encryption_key: empty,
    encryption_iv: empty,
    file_hashes: [],
  };
  await using account = await openRigAccount(
    serving({ "upload.getFile": () => ({ _: "upload.fileCdnRedirect", ...redirect }) }),
  );
  await using folder = await makeTemporaryFolder();
  const download = account.telegram.download(ref, folder.path("a.bin"));
  await expect(download).rejects.toMatchObject({ code: "MEDIA_CDN_UNSUPPORTED" });
});
