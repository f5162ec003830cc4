import { describe, expect, test } from "bun:test";
import { parseAccountName } from "../../../runtime/contract/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { createAccountPool } from "../../../runtime/telegram/index.ts";
import { prompts, startAccountRig } from "../support/account-rig.ts";
import { silent } from "../support/mtproto-rig.ts";

const poolOf = (maxAccounts = 2) => createAccountPool({ clock: systemClock, logger: silent, maxAccounts });

describe("AccountPool.acquire()", () => {
  test("gives an account that is online, and refuses one that is not", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await using pool = poolOf();
    pool.add(rig.account);
    expect(() => pool.acquire(rig.account.name)).toThrow('its state is "new"');
    expect(await pool.start(AbortSignal.timeout(5000))).toEqual(new Map());
    expect(pool.acquire(rig.account.name)).toBe(rig.account);
    expect(pool.telegramOf(rig.account.name)).toBe(rig.account.telegram);
    expect(pool.refs()).toEqual([rig.account.ref]);
    await rig.reached("online");
    expect(pool.health()).toMatchObject([{ name: "me", state: { state: "online" }, reconnects: 0 }]);
    await pool.stop();
    expect(() => pool.acquire(rig.account.name)).toThrow('its state is "stopped"');
  });

  test("does not know other names", () => {
    expect(() => poolOf().acquire(parseAccountName("nobody"))).toThrow('Cannot find the account "nobody"');
  });
});

describe("AccountPool.add()", () => {
  test("refuses the same name twice, and more than it may hold", async () => {
    await using rig = await startAccountRig();
    await using pool = poolOf(1);
    pool.add(rig.account);
    expect(() => pool.add(rig.again())).toThrow("it is there already");
    await using full = poolOf(0);
    expect(() => full.add(rig.account)).toThrow("0 are there already");
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
