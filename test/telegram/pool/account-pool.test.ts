import { describe, expect, test } from "bun:test";
import { parseAccountName } from "../../../runtime/contract/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { unfitness } from "../../../runtime/telegram/account-fitness.ts";
import { type AccountHealth, createAccountPool } from "../../../runtime/telegram/index.ts";
import { prompts, startAccountRig } from "../support/account-rig.ts";
import { silent } from "../support/mtproto-rig.ts";

const poolOf = (maxAccounts = 2) => createAccountPool({ clock: systemClock, logger: silent, maxAccounts });

describe("AccountPool.acquire()", () => {
  test("gives an account that is online, and refuses one that is not", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await using pool = poolOf();
    pool.add(rig.account);
    await expect(pool.acquire(rig.account.name)).rejects.toThrow('its state is "new"');
    expect(await pool.start(AbortSignal.timeout(5000))).toEqual(new Map());
    expect(await pool.acquire(rig.account.name)).toBe(rig.account);
    expect(pool.telegramOf(rig.account.name)).toBe(rig.account.telegram);
    expect(pool.refs()).toEqual([rig.account.ref]);
    await rig.reached("online");
    expect(pool.health()).toMatchObject([{ name: "me", state: { state: "online" }, reconnects: 0 }]);
    await pool.stop();
    await expect(pool.acquire(rig.account.name)).rejects.toThrow('its state is "stopped"');
  });

  test("does not know other names", async () => {
    const acquired = poolOf().acquire(parseAccountName("nobody"));
    await expect(acquired).rejects.toThrow('Cannot find the account "nobody"');
  });
});

describe("unfitness()", () => {
  const well: AccountHealth = {
    name: parseAccountName("me"),
    state: { state: "online", sinceMs: 0, dataCentreId: 2 },
    latencyMs: 50,
    lastHeardAtMs: 100_000,
    failuresInRow: 0,
    otherConnections: 0,
    reconnects: 0,
    lastUpdateAtMs: null,
    lastUsedAtMs: null,
    lastError: null,
    waits: [],
    callsWaiting: 0,
  };

  test("finds nothing wrong with an account that answers quickly", () => {
    expect(unfitness(well, 160_000)).toBeNull();
  });

  test("wants an account looked at that was not heard of for over a minute, or never", () => {
    expect(unfitness(well, 160_001)).toBe("unknown");
    expect(unfitness({ ...well, lastHeardAtMs: null }, 0)).toBe("unknown");
  });

  test.each([
    ["ACCOUNT_OFFLINE", { state: { state: "connecting", sinceMs: 0 } }],
    ["ACCOUNT_FAILING", { failuresInRow: 5 }],
    ["ACCOUNT_SLOW", { latencyMs: 5_001 }],
  ] as const)("refuses by %s", (code, changes) => {
    expect(unfitness({ ...well, ...changes }, 100_000)).toMatchObject({ code, retryable: true });
  });
});

describe("AccountPool.add()", () => {
  test("refuses the same name twice, and more than it may hold", async () => {
    await using rig = await startAccountRig();
    await using pool = poolOf(1);
    pool.add(rig.account);
    expect(() => pool.add(rig.again())).toThrow("it is there already");
    await using full = poolOf(0);
    expect(() => full.add(rig.account)).toThrow("as 0 are there: raise limits.accounts.max");
  });
});

describe("AccountPool.start()", () => {
  test("tells which account could not be started, and why", async () => {
    await using rig = await startAccountRig();
    await using pool = poolOf();
    pool.add(rig.account);
    const failures = await pool.start(AbortSignal.timeout(5000));
    expect(failures.get(rig.account.name)).toMatchObject({ code: "ACCOUNT_NO_SESSION" });
  });
});
