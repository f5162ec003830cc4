import { describe, expect, test } from "bun:test";
import autoresponder from "../../../plugins/autoresponder/index.ts";
import { exampleEntries, issuesOf, memberOf, scopesOf } from "../example-config.ts";

const issues = (config: unknown) => issuesOf(autoresponder.config, config);

describe("the autoresponder's configuration", () => {
  test("needs a rule with an answer and nothing more", async () => {
    expect(await issues({ rules: [{ answer: "Away" }] })).toEqual([]);
    expect(await issues({ rules: [] })).toHaveLength(1);
    expect(await issues({})).toHaveLength(1);
  });

  test("refuses a key that it does not know", async () => {
    expect((await issues({ rules: [{ answer: "x" }], cooldown: 1 })).join()).toContain("cooldown");
  });

  test("names the variable that an answer cannot have", async () => {
    const [issue] = await issues({ rules: [{ answer: "Hi {{sender.nickname}}" }] });
    expect(issue).toStartWith('rules.0.answer: must not have the variable "sender.nickname"');
  });

  test.each([
    [{ pattern: "order (\\d+)" }, "{{match.1}}", true],
    [{ pattern: "order (\\d+)" }, "{{match.2}}", false],
    [{ pattern: "order (?<number>\\d+)" }, "{{match.number}}", true],
    [{ pattern: "order" }, "{{match.number}}", false],
    [{ keywords: ["help"] }, "{{match.0}}", true],
    [{ keywords: ["help"] }, "{{match.1}}", false],
    [{}, "{{match.0}}", false],
  ])("knows which groups %j gives to %s", async (when, answer, fits) => {
    expect((await issues({ rules: [{ when, answer }] })).length === 0).toBe(fits);
  });

  test("says why a pattern cannot be read", async () => {
    const [issue] = await issues({ rules: [{ when: { pattern: "(" }, answer: "x" }] });
    expect(issue).toStartWith("rules.0.when.pattern: must be a regular expression");
  });

  test.each([
    [{ from: "24:00", to: "06:00" }, "hours.0.from"],
    [{ from: "9:00", to: "17:00" }, "hours.0.from"],
    [{ from: "09:00", to: "17:00", timeZone: "Mars/Olympus" }, "hours.0.timeZone"],
    [{ from: "09:00", to: "17:00", weekdays: ["monday"] }, "hours.0.weekdays.0"],
  ])("refuses hours %j", async (hours, path) => {
    expect((await issues({ rules: [{ answer: "x" }], hours: [hours] }))[0]).toStartWith(path);
  });

  test("fits the examples of its page, which ask for no permission that it does not request", async () => {
    const entries = await exampleEntries("autoresponder");
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) {
      expect(await issues(memberOf(entry, "config"))).toEqual([]);
      expect<unknown>(autoresponder.permissions.telegram).toEqual(
        expect.arrayContaining([...scopesOf(entry)]),
      );
    }
  });
});
