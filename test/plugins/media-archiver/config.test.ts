import { describe, expect, test } from "bun:test";
import archiver from "../../../plugins/media-archiver/index.ts";
import { exampleEntries, issuesOf, memberOf, scopesOf } from "../example-config.ts";

const issues = (change: object) => issuesOf(archiver.config, { folder: "archive", ...change });

describe("the archiver's configuration", () => {
  test("needs a folder and nothing more", async () => {
    expect(await issues({})).toEqual([]);
    expect(await issuesOf(archiver.config, {})).toHaveLength(1);
  });

  test.each(["*", "private", "channel", "@news", "42", "-1001234567890"])(
    "takes the chat %s",
    async (chat) => {
      expect(await issues({ chats: [chat] })).toEqual([]);
    },
  );

  test.each(["bots", "news", "@", "0"])("refuses the chat %s", async (chat) => {
    expect((await issues({ chats: [chat] }))[0]).toStartWith("chats.0");
  });

  test.each(["../{{fileName}}", "/{{fileName}}", "a//{{fileName}}", "a/./b", "a/", "{{title}}", "{{"])(
    "refuses the name %s",
    async (name) => {
      expect((await issues({ name }))[0]).toStartWith("name: ");
    },
  );

  test("reads dates with and without time, and refuses what is none", async () => {
    expect(await issues({ since: "2026-01-31", until: "2026-01-31T12:00:00+01:00" })).toEqual([]);
    expect((await issues({ since: "2026-02-31" }))[0]).toStartWith("since: must be a date");
    expect((await issues({ until: "yesterday" }))[0]).toStartWith("until: must be a date");
  });

  test("fits the examples of its page, which ask for no permission that it does not request", async () => {
    const entries = await exampleEntries("media-archiver");
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) {
      expect(await issuesOf(archiver.config, memberOf(entry, "config"))).toEqual([]);
      expect<unknown>(archiver.permissions.telegram).toEqual(expect.arrayContaining([...scopesOf(entry)]));
    }
  });
});
