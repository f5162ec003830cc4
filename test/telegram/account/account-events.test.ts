import { describe, expect, test } from "bun:test";
import { parseAccountName, parseUserId } from "../../../runtime/contract/index.ts";
import { eventsOfChange } from "../../../runtime/telegram/account-events.ts";
import { rpcError } from "../../../runtime/telegram/errors.ts";

const me = { name: parseAccountName("me"), userId: parseUserId("1") };
const error = rpcError({ rpcCode: 401, text: "SESSION_REVOKED", method: "updates.getState" }).toJSON();
const online = { state: "online", sinceMs: 1000, dataCentreId: 2 } as const;
const connecting = { state: "connecting", sinceMs: 900 } as const;
const offline = { state: "offline", sinceMs: 2000, error, retryAtMs: 2250 } as const;

describe("eventsOfChange()", () => {
  test("tells that the account is connected, and whether it was before", () => {
    const [first] = eventsOfChange(me, connecting, online, true);
    expect(first).toMatchObject({
      type: "account.connected",
      dataCentreId: 2,
      reconnected: false,
      atMs: 1000,
    });
    const [again] = eventsOfChange(me, connecting, online, false);
    expect(again).toMatchObject({ type: "account.connected", reconnected: true });
  });

  test("tells a lost connection with its reason and the next attempt", () => {
    expect(eventsOfChange(me, online, offline, false)).toMatchObject([
      { type: "account.disconnected", reason: error.message, retryInMs: 250 },
    ]);
  });

  test("tells nothing of an attempt that failed", () => {
    expect(eventsOfChange(me, connecting, offline, true)).toEqual([]);
  });

  test("tells the end of a session after the loss of the connection", () => {
    const loggedOut = { state: "logged-out", sinceMs: 3000, error } as const;
    expect(eventsOfChange(me, online, loggedOut, false).map((event) => event.type)).toEqual([
      "account.disconnected",
      "account.loggedOut",
    ]);
  });

  test("goes on being reachable while frozen", () => {
    const frozen = { state: "frozen", sinceMs: 3000, error } as const;
    expect(eventsOfChange(me, online, frozen, false)).toEqual([]);
  });
});
