import { describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseChatId, parseUserId } from "telegraphist";
import { freshPerson } from "../../../plugins/channel-inviter/campaign.ts";
import { CampaignBook } from "../../../plugins/channel-inviter/campaign-book.ts";
import { contacted, freshPace } from "../../../plugins/channel-inviter/pace.ts";
import { countPeople, writeReport } from "../../../plugins/channel-inviter/report.ts";
import { openPluginStore } from "../plugin-store.ts";

const channel = parseChatId("-1001");
const people = ["@ada", "@bob"] as const;

describe("CampaignBook", () => {
  test("has over restarts what became of people, and the account's pace", async () => {
    await using store = await openPluginStore(() => 0);
    const book = await CampaignBook.open(store, channel, people);
    expect(book.pace).toEqual(freshPace);
    await book.setState("@ada", { state: "invited", atMs: 5, reason: null });
    await book.setPace(contacted(book.pace, 5));
    await book.setLink("https://t.me/+abc");
    const again = await CampaignBook.open(store, channel, people);
    expect(again.stateOf("@ada")).toEqual({ state: "invited", atMs: 5, reason: null });
    expect(again.stateOf("@bob")).toBeUndefined();
    expect(again.pace.contactedAtMs).toEqual([5]);
    expect(await again.link()).toBe("https://t.me/+abc");
  });

  test("keeps campaigns apart, and the pace together", async () => {
    await using store = await openPluginStore(() => 0);
    const book = await CampaignBook.open(store, channel, people);
    await book.setState("@ada", { state: "invited", atMs: 5, reason: null });
    await book.setPace(contacted(book.pace, 5));
    const other = await CampaignBook.open(store, parseChatId("-10011"), people);
    expect(other.stateOf("@ada")).toBeUndefined();
    expect(await other.link()).toBeUndefined();
    expect(other.pace.contactedAtMs).toEqual([5]);
  });

  test("takes a link that was being sent for sent", async () => {
    await using store = await openPluginStore(() => 0);
    const book = await CampaignBook.open(store, channel, people);
    await book.setState("@ada", { state: "sending-link", atMs: 5 });
    await book.setState("@bob", freshPerson);
    const again = await CampaignBook.open(store, channel, people);
    expect(again.stateOf("@ada")).toEqual({ state: "link-sent", atMs: 5, reason: "unconfirmed" });
    expect(again.stateOf("@bob")).toEqual(freshPerson);
  });

  test("knows a person by the first name only", async () => {
    await using store = await openPluginStore(() => 0);
    const book = await CampaignBook.open(store, channel, people);
    const user = parseUserId("42");
    expect(await book.isFirstNameOf(user, "@ada")).toBe(true);
    expect(await book.isFirstNameOf(user, user)).toBe(false);
    expect(await book.isFirstNameOf(user, "@ada")).toBe(true);
  });
});

test("writeReport() replaces the file whole and leaves nothing beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "report-"));
  const path = join(folder, "deep", "report.json");
  const report = {
    channel,
    title: "News",
    writtenAt: "2026-03-02T12:00:00.000Z",
    outcome: "finished",
    dryRun: false,
    counts: countPeople([]),
    people: [],
  };
  await writeReport(path, { ...report, outcome: "waits: daily cap" });
  await writeReport(path, report);
  expect(await Bun.file(path).json()).toEqual(report);
  expect(await readdir(join(folder, "deep"))).toEqual(["report.json"]);
  await rm(folder, { recursive: true });
});
