import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { appendFile, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAccountName, parseChatId, parseMessageId } from "telegraphist";
import { ArchiveIndex } from "../../../plugins/media-archiver/archive-index.ts";
import { ArchiveList } from "../../../plugins/media-archiver/archive-list.ts";
import { linkAlso, place } from "../../../plugins/media-archiver/placement.ts";
import type { WantedFile } from "../../../plugins/media-archiver/wanted-file.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "archive-"));
});

afterEach(() => rm(folder, { recursive: true }));

function wanted(messageId: string, fileId = messageId): WantedFile {
  return {
    account: parseAccountName("me"),
    chatId: parseChatId("-42"),
    chatTitle: "Band",
    chatUsername: null,
    messageId: parseMessageId(messageId),
    senderId: "42",
    senderName: "Ada",
    sentAtMs: 0,
    fileId,
    kind: "voice",
    mimeType: "audio/ogg",
    sizeBytes: 5,
    fileName: null,
  };
}

function openIndex(): ArchiveIndex {
  return ArchiveIndex.open(join(folder, "index.sqlite"));
}

const contentOf = (text: string) => ({
  sha256: new Bun.CryptoHasher("sha256").update(text).digest("hex"),
  sizeBytes: Buffer.byteLength(text),
});

describe("ArchiveIndex", () => {
  test("takes a file of a message once, over restarts", () => {
    const index = openIndex();
    expect(index.enqueue(wanted("1"))).toBe(true);
    expect(index.enqueue(wanted("1"))).toBe(false);
    expect(index.enqueue(wanted("1", "another"))).toBe(true);
    index.close();
    const again = openIndex();
    expect(again.enqueue(wanted("1"))).toBe(false);
    expect(again.nextJob(0, [])?.file).toEqual(wanted("1"));
    again.close();
  });

  test("gives out what is due and not under way", () => {
    const index = openIndex();
    for (const id of ["1", "2"]) index.enqueue(wanted(id));
    const first = index.nextJob(0, []) ?? expect.unreachable();
    const second = index.nextJob(0, [first.id]) ?? expect.unreachable();
    expect([first.file.messageId, second.file.messageId].map(String)).toEqual(["1", "2"]);
    index.postpone(second.id, 5000, 1);
    expect(index.nextJob(4999, [first.id])).toBeNull();
    expect(index.nextDueMs([first.id])).toBe(5000);
    expect(index.nextJob(5000, [first.id])?.attempts).toBe(1);
    index.fail(first.id, "MEDIA_NONE", 1);
    index.fail(second.id, "MEDIA_NONE", 1);
    expect(index.nextDueMs([])).toBeNull();
    expect(index.counts()).toMatchObject({ queued: 0, failed: 2 });
    index.close();
  });

  test("finds the first copy by content and by Telegram's id of it", () => {
    const index = openIndex();
    for (const id of ["1", "2"]) index.enqueue(wanted(id));
    index.keep(1, { path: "a.ogg", sha256: "ff", sizeBytes: 6 }, 0);
    const kept = { id: 1, path: "a.ogg", sha256: "ff", sizeBytes: 6 };
    expect(index.keptBySha256("ff")).toEqual(kept);
    expect(index.keptByFileId("1")).toEqual(kept);
    expect(index.keptBySha256("00")).toBeNull();
    index.keepAsDuplicate(2, kept, null, 0);
    expect(index.keptByFileId("2")).toBeNull();
    expect(index.counts()).toEqual({ queued: 0, kept: 1, keptBytes: 6, duplicates: 1, failed: 0 });
    index.close();
  });

  test("refuses a file that is no index, and leaves it as it is", async () => {
    const path = join(folder, "index.sqlite");
    await Bun.write(path, "not a database".repeat(100));
    expect(openIndex).toThrow(expect.objectContaining({ code: "ARCHIVER_INDEX_UNREADABLE" }));
    expect(await Bun.file(path).text()).toStartWith("not a database");
  });
});

describe("ArchiveList", () => {
  const path = () => join(folder, "index.jsonl");
  const lines = async () => (await Bun.file(path()).text()).split("\n").slice(0, -1);

  test("has a line for every kept file, once", async () => {
    const index = openIndex();
    const list = await ArchiveList.open(path(), index);
    for (const id of ["1", "2", "3"]) index.enqueue(wanted(id));
    index.keep(1, { path: "a.ogg", sha256: "ff", sizeBytes: 5 }, 1000);
    await list.write();
    index.keepAsDuplicate(2, { id: 1, path: "a.ogg", sha256: "ff", sizeBytes: 5 }, null, 2000);
    await list.write();
    await list.write();
    expect((await lines()).map((line) => JSON.parse(line))).toMatchObject([
      { id: 1, messageId: "1", path: "a.ogg", sha256: "ff", archivedAt: "1970-01-01T00:00:01.000Z" },
      { id: 2, messageId: "2", path: null, duplicateOf: 1 },
    ]);
    await list.close();
    index.close();
  });

  test("mends what a crash left: cuts a torn line and adds the missing ones", async () => {
    const index = openIndex();
    index.enqueue(wanted("1"));
    index.keep(1, { path: "a.ogg", sha256: "ff", sizeBytes: 5 }, 1000);
    await appendFile(path(), `{"id":0}\n{"id":1,"mess${"x".repeat(200_000)}`);
    const list = await ArchiveList.open(path(), index);
    expect((await lines()).map((line) => JSON.parse(line))).toMatchObject([
      { id: 0 },
      { id: 1, path: "a.ogg" },
    ]);
    await list.close();
    index.close();
  });
});

describe("place()", () => {
  async function incoming(text: string): Promise<string> {
    const path = join(folder, ".incoming");
    await Bun.write(path, text);
    return path;
  }
  const put = async (text: string, path: string) =>
    place(folder, await incoming(text), path, contentOf(text));

  test("gives the file its name and takes the other away", async () => {
    expect(await put("one", "Band/a.ogg")).toBe("Band/a.ogg");
    expect(await Bun.file(join(folder, "Band/a.ogg")).text()).toBe("one");
    expect(await readdir(folder)).toEqual(["Band"]);
  });

  test("numbers a name that is taken by other bytes", async () => {
    expect(await put("one", "a.ogg")).toBe("a.ogg");
    expect(await put("two", "a.ogg")).toBe("a-2.ogg");
    expect(await put("three", "a.ogg")).toBe("a-3.ogg");
    expect(await Bun.file(join(folder, "a.ogg")).text()).toBe("one");
  });

  test("takes the same bytes under the name for the file itself", async () => {
    await put("one", "a.ogg");
    expect(await put("one", "a.ogg")).toBe("a.ogg");
    expect(await readdir(folder)).toEqual(["a.ogg"]);
  });

  test("goes round a folder that has the name", async () => {
    await mkdir(join(folder, "a.ogg"));
    expect(await put("one", "a.ogg")).toBe("a-2.ogg");
  });

  test("refuses to leave the folder through a symbolic link", async () => {
    const outside = await mkdtemp(join(tmpdir(), "outside-"));
    await symlink(outside, join(folder, "Band"));
    await expect(put("one", "Band/a.ogg")).rejects.toMatchObject({ code: "ARCHIVER_OUTSIDE_FOLDER" });
    await expect(put("one", "Band/new/a.ogg")).rejects.toMatchObject({ code: "ARCHIVER_OUTSIDE_FOLDER" });
    expect(await readdir(outside)).toEqual([]);
    await rm(outside, { recursive: true });
  });

  test("ends its search where ten thousand files have the name", async () => {
    const names = Array.from({ length: 10_000 }, (_, index) =>
      index === 0 ? "a.ogg" : `a-${index + 1}.ogg`,
    );
    for (const name of names) await Bun.write(join(folder, name), "");
    await expect(put("one", "a.ogg")).rejects.toMatchObject({ code: "ARCHIVER_NAME_TAKEN" });
  });

  test("links a second name to the same bytes", async () => {
    await put("one", "a.ogg");
    expect(await linkAlso(folder, "a.ogg", "b/b.ogg", contentOf("one"))).toBe("b/b.ogg");
    expect(await Bun.file(join(folder, "b/b.ogg")).text()).toBe("one");
  });
});
