import { describe, expect, test } from "bun:test";
import { diffPermissions, widenedRequests } from "../../runtime/permissions/index.ts";

describe("diffPermissions()", () => {
  test("tells of each request what became of it, and by which entry", () => {
    const items = diffPermissions(
      { telegram: ["messages:read", "messages:send", "messages:edit"], chats: ["*"], read: ["./a"] },
      { telegram: ["messages:read", "messages:edit", "raw:help.*"], chats: ["@ada"], read: ["./"] },
      { telegram: ["messages:edit"] },
    );
    expect(items.map(({ entry, state, allowedBy, deniedBy }) => [entry, state, allowedBy, deniedBy])).toEqual(
      [
        ["messages:read", "granted", ["messages:read"], []],
        ["messages:send", "undecided", [], []],
        ["messages:edit", "denied", ["messages:edit"], ["messages:edit"]],
        ["raw:help.*", "unrequested", ["raw:help.*"], []],
        ["*", "narrowed", ["@ada"], []],
        ["./a", "granted", ["./"], []],
      ],
    );
  });

  test("takes a part that is denied for narrowed, and all of it for denied", () => {
    const states = (deny: readonly string[]) =>
      diffPermissions({ net: ["*.example.com"] }, { net: ["*"] }, { net: deny }).map(({ state }) => state);
    expect(states(["a.example.com"])).toEqual(["narrowed"]);
    expect(states(["POST *.example.com"])).toEqual(["narrowed"]);
    expect(states(["*"])).toEqual(["denied"]);
  });
});

describe("widenedRequests()", () => {
  test.each([
    [{ chats: ["*"] }, { chats: ["@ada"] }, []],
    [{ chats: ["@ada"] }, { chats: ["*"] }, ["*"]],
    [{ telegram: ["raw:messages.*"] }, { telegram: ["raw:messages.getStickers"] }, []],
    [{ telegram: ["raw:*"] }, { telegram: ["raw:auth.logOut"] }, ["raw:auth.logOut"]],
    [{ net: ["example.com"] }, { net: ["GET example.com:443"] }, []],
    [{ net: ["GET example.com"] }, { net: ["example.com"] }, ["example.com"]],
    [{ net: ["*.example.com"] }, { net: ["*.a.example.com", "example.com"] }, ["example.com"]],
    [{ net: ["a.com"] }, { net: ["a.com:8443"] }, ["a.com:8443"]],
    [{ net: ["*"] }, { net: ["a.com:8443"] }, []],
    [{ net: ["*:443"] }, { net: ["*"] }, ["*"]],
    [{ write: ["./archive"] }, { write: ["archive/photos", "./archive/../x"] }, ["./archive/../x"]],
    [{ write: ["/"] }, { write: ["*"] }, ["*"]],
    [{ env: ["*"] }, { env: ["HOME"], run: ["git"] }, ["git"]],
  ] as const)("of %j and %j is %j", (before, now, wider) => {
    expect(widenedRequests(before, now).map(({ entry }) => entry)).toEqual([...wider]);
  });
});
