import { describe, expect, test } from "bun:test";
import { parseAccountName, parseEventId, parseUserId } from "../../../runtime/contract/index.ts";
import { changeOf, eventsOf, toldBy } from "../../../runtime/telegram/account-events.ts";
import { rpcError } from "../../../runtime/telegram/errors.ts";

const me = { name: parseAccountName("me"), userId: parseUserId("1") };
const error = rpcError({ rpcCode: 401, text: "SESSION_REVOKED", method: "updates.getState" }).toJSON();
const online = { state: "online", sinceMs: 1000, dataCentreId: 2 } as const;
const connecting = { state: "connecting", sinceMs: 900 } as const;
const frozen = { state: "frozen", sinceMs: 3000, error, untilMs: 4000 } as const;
const offline = { state: "offline", sinceMs: 2000, error, retryAtMs: 2250 } as const;

describe("eventsOf()", () => {
  test("tells that the account is connected, and whether it was before", () => {
    expect(eventsOf(me, online, "never")).toMatchObject([
      { type: "account.connected", dataCentreId: 2, reconnected: false, atMs: 1000 },
    ]);
    expect(eventsOf(me, online, "lost")).toMatchObject([{ type: "account.connected", reconnected: true }]);
  });

  test("tells a lost connection with its reason and the next attempt", () => {
    expect(eventsOf(me, offline, "connected")).toMatchObject([
      { type: "account.disconnected", reason: error.message, retryInMs: 250 },
    ]);
  });

  test("tells nothing of an attempt that failed", () => {
    expect(eventsOf(me, offline, "never")).toEqual([]);
    expect(eventsOf(me, offline, "lost")).toEqual([]);
  });

  test("tells the end of a session after the loss of the connection", () => {
    const loggedOut = { state: "logged-out", sinceMs: 3000, error } as const;
    expect(eventsOf(me, loggedOut, "connected").map((event) => event.type)).toEqual([
      "account.disconnected",
      "account.loggedOut",
    ]);
  });

  test("tells no connection of a frozen account, and none twice when that is over", () => {
    expect(eventsOf(me, frozen, "connected")).toEqual([]);
    expect(eventsOf(me, frozen, "lost")).toEqual([]);
    expect(eventsOf(me, online, "connected")).toEqual([]);
  });
});

describe("changeOf()", () => {
  test("tells from where to where, why, and until when", () => {
    expect(changeOf(me, online, offline)).toEqual({
      ...{ type: "account.stateChanged", id: parseEventId("me/account.stateChanged/2000/offline") },
      ...{ account: me, atMs: 2000, receivedAtMs: 2000 },
      ...{ from: "online", to: "offline", reason: "SESSION_REVOKED", untilMs: 2250 },
    });
    expect(changeOf(me, offline, connecting)).toMatchObject({ reason: null, untilMs: null });
  });
});

describe("toldBy()", () => {
  test("remembers what plugins were told last", () => {
    expect(toldBy(connecting, "never")).toBe("never");
    expect(toldBy(online, "never")).toBe("connected");
    expect(toldBy(frozen, "connected")).toBe("connected");
    expect(toldBy(offline, "connected")).toBe("lost");
    expect(toldBy(frozen, "lost")).toBe("lost");
  });
});
