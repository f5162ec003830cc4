import { expect, test } from "bun:test";
import { type PermissionSet, parseAccountName, parsePluginName } from "../../runtime/contract/index.ts";
import { eventGate, requireEvent } from "../../runtime/host/event-gate.ts";
import { Guard } from "../../runtime/host/guard.ts";
import { account, chatWith, received } from "../support/sample-events.ts";

function guardWith(allow: PermissionSet): Guard {
  const requested: PermissionSet = { telegram: ["messages:read"], chats: ["*"] };
  const counters = { events: 0, errors: 0, calls: 0, denied: 0 };
  return new Guard(parsePluginName("echo"), { requested, allow, deny: {} }, counters);
}

test("eventGate() lets an event of a granted account and chat through as it is", () => {
  const event = received();
  expect(eventGate(guardWith({ chats: ["*"] }), [account.name])(event)).toBe(event);
  expect(eventGate(guardWith({ chats: ["private"] }), [account.name])(event)).toBe(event);
});

test("eventGate() holds another account's and another chat's events back", () => {
  expect(eventGate(guardWith({ chats: ["*"] }), [parseAccountName("other")])(received())).toBeNull();
  expect(eventGate(guardWith({ chats: ["@bob"] }), [account.name])(received())).toBeNull();
});

test("eventGate() blanks what Telegram's service account writes", () => {
  const event = received({ text: "Login code: 12345", chat: chatWith("777000") });
  expect(eventGate(guardWith({ chats: ["*"] }), [account.name])(event)).toMatchObject({
    text: "",
    id: event.id,
  });
});

test("requireEvent() asks for one of the scopes that let an event be seen", () => {
  const guard = guardWith({ telegram: ["messages:read"] });
  expect(() => requireEvent(guard, "user.status")).not.toThrow();
  expect(() => requireEvent(guard, "plugin.failed")).not.toThrow();
  expect(() => requireEvent(guard, "join.requested")).toThrow(
    expect.objectContaining({ code: "PERMISSION_DENIED" }),
  );
});

test("requireEvent() refuses a name that no event has", () => {
  // What a plugin in plain JavaScript might ask for.
  const misspelt = "message.recieved" as "message.received";
  expect(() => requireEvent(guardWith({}), misspelt)).toThrow(
    expect.objectContaining({ code: "HOST_UNKNOWN_EVENT" }),
  );
});
