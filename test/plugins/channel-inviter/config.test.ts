import { describe, expect, test } from "bun:test";
import inviter from "../../../plugins/channel-inviter/index.ts";
import { exampleEntries, issuesOf, memberOf, scopesOf } from "../example-config.ts";

const issues = (change: object) =>
  issuesOf(inviter.config, { channel: "@news", people: { list: ["@ada"] }, ...change });

describe("the inviter's configuration", () => {
  test.each(["@news", "https://t.me/news", "-1001234567890", "-42"])(
    "takes the channel %s",
    async (channel) => {
      expect(await issues({ channel })).toEqual([]);
    },
  );

  test.each(["news", "42", "https://t.me/+abcdef", ""])("refuses the channel %p", async (channel) => {
    expect((await issues({ channel }))[0]).toStartWith("channel: must be");
  });

  test("needs someone to invite", async () => {
    expect((await issues({ people: {} }))[0]).toStartWith("people: must name people");
    expect(await issues({ people: { contacts: true } })).toEqual([]);
    expect(await issues({ people: { csv: "people.csv" } })).toEqual([]);
    expect((await issues({ people: { list: ["+4912345"] } }))[0]).toStartWith("people.list.0");
  });

  test("needs the link in its message, and knows its variables", async () => {
    expect((await issues({ linkMessage: "Come!" }))[0]).toBe("linkMessage: must have the variable {{link}}");
    expect((await issues({ linkMessage: "{{link}} {{name}}" }))[0]).toContain('"name"');
  });

  test("refuses a spacing that is upside down and a cap beyond reason", async () => {
    expect((await issues({ spacing: { minSeconds: 200 } }))[0]).toStartWith("spacing: must not");
    expect(await issues({ dailyCap: 500 })).toHaveLength(1);
  });

  test("has safe defaults", async () => {
    const result = await inviter.config["~standard"].validate({
      channel: "@news",
      people: { list: ["@ada"] },
    });
    expect(memberOf(result, "value")).toMatchObject({
      mode: "direct-then-link",
      dailyCap: 20,
      spacing: { minSeconds: 60, maxSeconds: 180 },
      dryRun: false,
    });
  });

  test("fits the examples of its page, which ask for no permission that it does not request", async () => {
    const entries = await exampleEntries("channel-inviter");
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) {
      expect(await issuesOf(inviter.config, memberOf(entry, "config"))).toEqual([]);
      expect<unknown>(inviter.permissions.telegram).toEqual(expect.arrayContaining([...scopesOf(entry)]));
    }
  });
});
