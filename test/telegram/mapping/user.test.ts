import { describe, expect, test } from "bun:test";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { mapStatus, mapUser } from "../../../runtime/telegram/mapping/user.ts";
import { ann, bob, tlUser } from "../support/tl.ts";

describe("mapUser", () => {
  test("joins the names and keeps the username", () => {
    expect(mapUser(ann)).toMatchObject({
      id: "42",
      displayName: "Ann Lee",
      username: "ann",
      isContact: false,
    });
    expect(mapUser(bob)).toMatchObject({ displayName: "Bob", username: null, isContact: true });
  });

  test("takes the active one of several usernames when there is no plain one", () => {
    const usernames = [
      new Api.Username({ username: "old" }),
      new Api.Username({ username: "shop", active: true }),
    ];
    expect(mapUser(tlUser(5, { usernames })).username).toBe("shop");
  });

  test("falls back to the username, then the id, for a display name", () => {
    expect(mapUser(tlUser(5, { username: "five" })).displayName).toBe("five");
    expect(mapUser(tlUser(5)).displayName).toBe("User 5");
  });

  test("says of a deleted or empty user that the account is gone", () => {
    const gone = { displayName: "Deleted account", isDeleted: true, username: null };
    expect(mapUser(tlUser(5, { deleted: true, firstName: "Was" }))).toMatchObject(gone);
    expect(mapUser(new Api.UserEmpty({ id: longOf(5) }))).toMatchObject(gone);
  });

  test("never has a phone number", () => {
    expect(JSON.stringify(mapUser(tlUser(5, { phone: "15550001234" })))).not.toContain("1555");
  });
});

describe("mapStatus", () => {
  test.each([
    ["UserStatusOnline", new Api.UserStatusOnline({ expires: 9 }), { state: "online", untilMs: 9_000 }],
    [
      "UserStatusOffline",
      new Api.UserStatusOffline({ wasOnline: 8 }),
      { state: "offline", lastSeenMs: 8_000 },
    ],
    ["UserStatusRecently", new Api.UserStatusRecently({}), { state: "recently" }],
    ["UserStatusLastWeek", new Api.UserStatusLastWeek({}), { state: "within-week" }],
    ["UserStatusLastMonth", new Api.UserStatusLastMonth({}), { state: "within-month" }],
    ["UserStatusEmpty", new Api.UserStatusEmpty(), { state: "long-ago" }],
  ] as const)("turns %s into the contract's", (_name, status, expected) => {
    expect(mapStatus(status)).toEqual(expected);
  });

  test("is null when Telegram tells none", () => {
    expect(mapStatus(undefined)).toBeNull();
  });
});
