import { describe, expect, test } from "bun:test";
import { parseEventId, parsePluginName } from "../../runtime/contract/index.ts";
import { OnceKeys } from "../../runtime/host/once-keys.ts";

const plugin = parsePluginName("echo");
const run = { eventId: parseEventId("me/message.received/42/1"), handler: "message.received 1" };

describe("OnceKeys.next()", () => {
  test("names the calls of a handler alike in each repetition, and each one differently", () => {
    const names = () => {
      const keys = new OnceKeys(plugin, run);
      return [keys.next(undefined), keys.next(undefined)];
    };
    expect(names()).toEqual(names());
    expect(new Set(names()).size).toBe(2);
  });

  test("names the calls of another plugin, event, or handler differently", () => {
    const others = [
      new OnceKeys(parsePluginName("other"), run),
      new OnceKeys(plugin, { ...run, eventId: parseEventId("me/message.received/42/2") }),
      new OnceKeys(plugin, { ...run, handler: "message.received 2" }),
      new OnceKeys(plugin, run),
    ];
    expect(new Set(others.map((keys) => keys.next(undefined))).size).toBe(others.length);
  });

  test("keeps a name that the plugin gives, and it is the plugin's own", () => {
    const inHandler = new OnceKeys(plugin, run).next("welcome 42");
    expect(inHandler).toBe(new OnceKeys(plugin, null).next("welcome 42"));
    expect(inHandler).not.toBe(new OnceKeys(parsePluginName("other"), null).next("welcome 42"));
    const handlersFirst = new OnceKeys(plugin, run).next(undefined);
    expect(new OnceKeys(plugin, null).next(String(handlersFirst))).not.toBe(handlersFirst);
  });

  test("names nothing outside of a handler", () => {
    expect(new OnceKeys(plugin, null).next(undefined)).toBeNull();
  });

  test.each(["", "x".repeat(201)])("refuses a name of a wrong length", (given) => {
    expect(() => new OnceKeys(plugin, null).next(given)).toThrow("onceKey");
  });
});
