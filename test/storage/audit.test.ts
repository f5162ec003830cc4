import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuditFile, type AuditRecord } from "../../runtime/storage/index.ts";
import { memoryStorage } from "./fixture.ts";

const record: AuditRecord = {
  atMs: 1_000,
  plugin: "echo",
  account: "me",
  call: "telegram.send",
  target: "42",
  verdict: "allowed",
  permission: null,
  code: null,
  durationMs: 3,
  eventId: null,
  count: 1,
};

describe("AuditRepository", () => {
  test("gives back what was added, newest first, page by page", async () => {
    await using storage = await memoryStorage();
    await storage.audit.add([record, { ...record, target: null, count: 7 }]);
    await storage.audit.add([{ ...record, atMs: 2_000 }]);
    const [first, second] = await storage.audit.list({ limit: 2 });
    expect([first?.atMs, second]).toMatchObject([2_000, { ...record, target: null, count: 7 }]);
    expect(await storage.audit.list({ limit: 9, beforeId: second?.id })).toMatchObject([record]);
  });

  test("finds by plugin, account, and verdict", async () => {
    await using storage = await memoryStorage();
    const denied = { ...record, verdict: "denied", code: "PERMISSION_DENIED", permission: "net" };
    await storage.audit.add([record, { ...denied, plugin: "other" }, { ...denied, account: null }]);
    const found = async (filter: object) => (await storage.audit.list({ limit: 10, ...filter })).length;
    expect(await found({ plugin: "echo" })).toBe(2);
    expect(await found({ verdict: "denied" })).toBe(2);
    expect(await found({ verdict: "denied", plugin: "echo" })).toBe(1);
    expect(await found({ account: "me", plugin: "nobody" })).toBe(0);
  });

  test("forgets what is too old and what is too much", async () => {
    await using storage = await memoryStorage();
    await storage.audit.add([1, 2, 3, 4, 5].map((atMs) => ({ ...record, atMs })));
    expect(await storage.audit.prune({ beforeMs: 2, keep: 10 })).toBe(1);
    expect(await storage.audit.prune({ beforeMs: 0, keep: 2 })).toBe(2);
    expect((await storage.audit.list({ limit: 10 })).map(({ atMs }) => atMs)).toEqual([5, 4]);
  });
});

describe("AuditFile", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "audit-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("grows by lines, and is put aside before it is too large", async () => {
    const path = join(folder, "audit.jsonl");
    const file = new AuditFile({ path, maxBytes: 10, keep: 2 });
    for (const line of ["one", "two", "three", "four", "five", "six", "seven"]) await file.append([line]);
    expect((await readdir(folder)).toSorted()).toEqual(["audit.1.jsonl", "audit.2.jsonl", "audit.jsonl"]);
    const text = async (name: string) => Bun.file(join(folder, name)).text();
    expect([await text("audit.2.jsonl"), await text("audit.1.jsonl"), await text("audit.jsonl")]).toEqual([
      "three\n",
      "four\nfive\n",
      "six\nseven\n",
    ]);
    expect(AuditFile.pathsOf(path, 2).map((one) => one.slice(folder.length + 1))).toEqual([
      ...["audit.jsonl", "audit.1.jsonl", "audit.2.jsonl"],
    ]);
  });

  test("goes on in a file that is there, for its owner alone", async () => {
    const path = join(folder, "audit.jsonl");
    await new AuditFile({ path, maxBytes: 100 }).append(["one"]);
    await new AuditFile({ path, maxBytes: 100 }).append(["two"]);
    expect(await Bun.file(path).text()).toBe("one\ntwo\n");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("says why it cannot be written", async () => {
    const file = new AuditFile({ path: join(folder, "nowhere", "audit.jsonl"), maxBytes: 10 });
    await expect(file.append(["one"])).rejects.toMatchObject({ code: "STORAGE_UNREADABLE" });
  });
});
