import { describe, expect, test } from "bun:test";
import { budgetRuleOf } from "../../../runtime/telegram/flood/budget-rules.ts";

describe("budgetRuleOf()", () => {
  test("is one for all that sends, which bounds each chat besides", () => {
    const rule = budgetRuleOf("messages.sendMessage");
    expect(budgetRuleOf("messages.sendMedia")).toBe(rule);
    expect(budgetRuleOf("messages.forwardMessages")).toBe(rule);
    expect(rule.perChat).toBeDefined();
  });

  test("is a method's own where nothing is known of it", () => {
    expect(budgetRuleOf("messages.sendReaction")).toMatchObject({ name: "messages.sendReaction" });
    expect(budgetRuleOf("updates.getDifference")).toMatchObject({ name: "updates.getDifference" });
  });

  test.each([
    ["messages.sendMessage", "messages, all chats together | 100 | 33 ms"],
    ["messages.getHistory", "pages of messages, pages of members | 30 | 1 s"],
    ["channels.getParticipants", "pages of messages, pages of members | 30 | 1 s"],
    ["contacts.resolveUsername", "names, numbers, and contacts looked up; pages of dialogs | 30; 40 | 10 s"],
    ["channels.inviteToChannel", "invitations; joining | 30; 10 | 60 s"],
    ["upload.getFile", "parts of files | 10,000 | 1 ms"],
    ["help.getConfig", "any other method, each for itself | 1,000 | 10 ms"],
  ])("of %s is as docs/flood-control.md has it", async (method, row) => {
    const page = await Bun.file(`${import.meta.dir}/../../../docs/flood-control.md`).text();
    expect(page).toContain(`| ${row} |`);
    const [, burst = "", interval = ""] = row.split(" | ");
    const { burst: known, intervalMs } = budgetRuleOf(method);
    expect(Number(burst.split(";")[0]?.replace(",", ""))).toBe(known);
    const [count, unit] = interval.split(" ");
    expect(Number(count) * (unit === "s" ? 1000 : 1)).toBe(intervalMs);
  });
});
