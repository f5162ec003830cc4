import { describe, expect, test } from "bun:test";
import { type PermissionSet, parseChatId, telegramScopes } from "../../runtime/contract/index.ts";
import {
  callTable,
  chatsInParameters,
  decide,
  namesHost,
  type PermissionRequest,
} from "../../runtime/permissions/index.ts";

function reasonOf(
  request: PermissionRequest,
  allow: PermissionSet,
  deny: PermissionSet = {},
  requested: PermissionSet = everythingFor(request),
): string {
  const verdict = decide(request, { requested, allow, deny }, "echo");
  return verdict.verdict === "granted" ? "granted" : verdict.reason;
}

/** A manifest that asks for all there is, so that the entry alone decides. */
function everythingFor(request: PermissionRequest): PermissionSet {
  const all = ["*"];
  const telegram = request.permission === "telegram" ? [request.scope] : [];
  return { telegram, chats: all, net: all, read: all, write: all, env: all, run: all, sys: all };
}

const send: PermissionRequest = { permission: "telegram", scope: "messages:send" };
const chat = { id: parseChatId("-1001234"), kind: "channel", username: "News" } as const;
const raw = (method: string): PermissionRequest => ({ permission: "telegram", scope: `raw:${method}` });

describe("decide()", () => {
  test("grants what is asked for, allowed, and not denied", () => {
    expect(reasonOf(send, { telegram: ["messages:send"] })).toBe("granted");
  });

  test("denies by default, and says what to add and where", () => {
    expect(decide(send, { requested: { telegram: ["messages:send"] }, allow: {}, deny: {} }, "echo")).toEqual(
      {
        verdict: "denied",
        permission: "telegram",
        value: "messages:send",
        reason: "not-allowed",
        fix: 'add "messages:send" to plugins.echo.allow.telegram',
      },
    );
  });

  test("denies what the manifest did not ask for, whatever the entry allows", () => {
    expect(reasonOf(send, { telegram: ["messages:send"] }, {}, {})).toBe("not-requested");
  });

  test("lets deny beat allow", () => {
    const set: PermissionSet = { telegram: ["messages:send"] };
    expect(reasonOf(send, set, set)).toBe("denied");
  });

  test.each(["*", "channel", "-1001234", "@news", "@NEWS"])("covers a chat by %s", (grant) => {
    expect(reasonOf({ permission: "chats", chat }, { chats: [grant] })).toBe("granted");
  });

  test.each(["group", "-1001235", "@newsroom", "news"])("does not cover a chat by %s", (grant) => {
    expect(reasonOf({ permission: "chats", chat }, { chats: [grant] })).toBe("not-allowed");
  });

  test("denies one chat of all", () => {
    expect(reasonOf({ permission: "chats", chat }, { chats: ["*"] }, { chats: ["@news"] })).toBe("denied");
  });

  test.each([
    ["example.com", "example.com", 443, "granted"],
    ["example.com", "example.com", 8443, "not-allowed"],
    ["example.com:8443", "example.com", 8443, "granted"],
    ["*.example.com", "api.example.com", 443, "granted"],
    ["*.example.com", "example.com", 443, "not-allowed"],
    ["*.example.com", "evilexample.com", 443, "not-allowed"],
    ["*", "example.com", 8443, "granted"],
    ["[::1]:8080", "[::1]", 8080, "granted"],
  ])("holds net %s against %s:%d as %s", (grant, host, port, expected) => {
    expect(reasonOf({ permission: "net", host, port }, { net: [grant] })).toBe(expected);
  });

  test.each([
    ["/data", "/data/a/b.txt", "granted"],
    ["/data/", "/data", "granted"],
    ["/data", "/database/a", "not-allowed"],
    ["/data", "/data/../etc/passwd", "not-allowed"],
    ["/data/a.txt", "/data/a.txt", "granted"],
    ["/data", "data/a", "not-requested"],
    ["data", "/data/a", "not-allowed"],
    ["*", "/anything", "granted"],
    ["/data", "/data/a\0b", "not-requested"],
  ])("holds write %s against %p as %s", (grant, path, expected) => {
    expect(reasonOf({ permission: "write", path }, { write: [grant] })).toBe(expected);
  });

  test.each([443, 80, 8443])("denies a host that is named without a port on port %d", (port) => {
    const request = { permission: "net", host: "api.example.com", port } as const;
    expect(reasonOf(request, { net: ["*"] }, { net: ["*.example.com"] })).toBe("denied");
    expect(reasonOf(request, { net: ["*"] }, { net: ["api.example.com:443"] })).toBe(
      port === 443 ? "denied" : "granted",
    );
  });

  test.each(["/data/db", "/data/db-wal", "/data/db/x"])("opens no secret file to anyone: %s", (path) => {
    const grants = { requested: { read: ["*"] }, allow: { read: ["*"] }, deny: {} };
    const request = { permission: "read", path } as const;
    const verdict = decide(request, { ...grants, secretPaths: ["/data/db"] }, "echo");
    expect(verdict).toMatchObject({ verdict: "denied", fix: expect.stringContaining("secrets") });
    expect(decide(request, grants, "echo").verdict).toBe("granted");
  });

  test.each([
    ["GET example.com", "GET", "granted"],
    ["get,head example.com:443", "HEAD", "granted"],
    ["GET example.com", "POST", "not-allowed"],
    ["GET example.com", undefined, "not-allowed"],
  ])("holds net %j against the method %s as %s", (grant, method, expected) => {
    const request = { permission: "net", host: "example.com", port: 443 } as const;
    expect(reasonOf(method === undefined ? request : { ...request, method }, { net: [grant] })).toBe(
      expected,
    );
  });

  test("denies the methods that are named alone", () => {
    const request = { permission: "net", host: "example.com", port: 443 } as const;
    const reasonTo = (method: string) =>
      reasonOf({ ...request, method }, { net: ["*"] }, { net: ["POST *"] });
    expect([reasonTo("GET"), reasonTo("POST")]).toEqual(["granted", "denied"]);
  });

  test("keeps read and write apart", () => {
    expect(reasonOf({ permission: "write", path: "/data/a" }, { read: ["/data"] })).toBe("not-allowed");
  });

  test.each(["env", "run", "sys"] as const)("matches %s by name", (permission) => {
    expect(reasonOf({ permission, name: "HOME" }, { [permission]: ["HOME"] })).toBe("granted");
    expect(reasonOf({ permission, name: "HOME" }, { [permission]: ["PATH"] })).toBe("not-allowed");
  });
});

describe("raw methods", () => {
  test("are granted by name or by wildcard", () => {
    expect(reasonOf(raw("messages.getStickers"), { telegram: ["raw:messages.getStickers"] })).toBe("granted");
    expect(reasonOf(raw("messages.getStickers"), { telegram: ["raw:messages.*"] })).toBe("granted");
    expect(reasonOf(raw("messages.getStickers"), { telegram: ["messages:read"] })).toBe("not-allowed");
  });

  test.each([
    "auth.logOut",
    "account.updatePasswordSettings",
    "payments.sendStarsForm",
    "channels.joinChannel",
    "contacts.importContacts",
  ])("%s is granted by its own name alone", (method) => {
    expect(reasonOf(raw(method), { telegram: ["raw:*"] })).toBe("not-allowed");
    expect(reasonOf(raw(method), { telegram: [`raw:${method}`] })).toBe("granted");
  });

  test("a wildcard denies more than it grants, and says so", () => {
    expect(reasonOf(raw("auth.logOut"), { telegram: ["raw:auth.logOut"] }, { telegram: ["raw:*"] })).toBe(
      "denied",
    );
    const grants = {
      requested: { telegram: ["raw:auth.logOut"] },
      allow: { telegram: ["raw:*"] },
      deny: {},
    } as const;
    expect(decide(raw("auth.logOut"), grants, "echo")).toMatchObject({
      fix: expect.stringContaining("no wildcard covers what makes, hands over, or ends sessions"),
    });
  });

  test.each(["invokeWithLayer", "invokeAfterMsg", "initConnection", "InvokeWithTakeout"])(
    "%s is never granted",
    (method) => {
      expect(reasonOf(raw(method), { telegram: [`raw:${method}`] })).toBe("denied");
    },
  );

  test("chatsInParameters() finds peers at any depth", () => {
    const parameters = {
      peer: { _: "inputPeerChannel", channelId: "42" },
      ids: [{ userId: "7" }],
      chatId: 9,
    };
    expect(chatsInParameters(parameters).map(String)).toEqual(["-1000000000042", "7", "-9"]);
    expect(chatsInParameters({ hash: "0", userId: "x" })).toEqual([]);
    // All are 777000 in the 64 bits that go out.
    const spelt = ["777000", "000777000", "18446744073710328616", "-18446744073708774616"];
    for (const user_id of spelt) expect(chatsInParameters({ user_id }).map(String)).toEqual(["777000"]);
    expect(chatsInParameters({ peer: { _: "inputPeerSelf" } })).toEqual(["me"]);
  });
});

test("callTable names known scopes only", () => {
  const scopes = Object.values(callTable).flatMap(({ scope }) => scope ?? []);
  expect(scopes.filter((scope) => !telegramScopes.some((known) => known === scope))).toEqual([]);
});

test("namesHost() tells a spelt-out host from a wildcard", () => {
  expect(namesHost("localhost:8080", "localhost")).toBe(true);
  expect(namesHost("*", "localhost")).toBe(false);
});
