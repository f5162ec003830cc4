import { describe, expect, test } from "bun:test";
import { priorityOf } from "../../runtime/host/call-priority.ts";

describe("priorityOf()", () => {
  test("lets a person who wrote not wait", () => {
    expect(priorityOf("message.received", "reply")).toBe("interactive");
    expect(priorityOf("message.sent", "edit")).toBe("interactive");
  });

  test("puts what a schedule does last", () => {
    expect(priorityOf("schedule.due", "send")).toBe("background");
  });

  test("puts downloads and paging last, wherever they are asked for", () => {
    expect(priorityOf("message.received", "download")).toBe("background");
    expect(priorityOf(null, "history")).toBe("background");
  });

  test("leaves all else between", () => {
    expect(priorityOf(null, "send")).toBe("normal");
    expect(priorityOf("account.connected", "send")).toBe("normal");
  });
});
