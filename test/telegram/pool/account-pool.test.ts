import { describe, expect, test } from "bun:test";
import { parseAccountName, refOf } from "../../../runtime/contract/index.ts";
import { cancelled, createClock, createHandClock, systemClock } from "../../../runtime/scope/index.ts";
import { unfitness } from "../../../runtime/telegram/account-fitness.ts";
import { type Account, type AccountHealth, createAccountPool } from "../../../runtime/telegram/index.ts";
import { createLogger } from "../../../telemetry/index.ts";
import { prompts, startAccountRig } from "../support/account-rig.ts";
import { openEmulatedAccount } from "../support/emulated-account.ts";
import { silent } from "../support/mtproto-rig.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";

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

/** An account that has other answers to some of what it is asked. */
function withOther(account: Account, others: Partial<Account>): Account {
  return new Proxy(account, {
    get(target, key) {
      // Only the face's own names are asked for.
      const other = others[key as keyof Account];
      if (other !== undefined) return other;
      const own: unknown = Reflect.get(target, key, target);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

describe("AccountPool.acquire() of an account that was not heard of for over a minute", () => {
  async function openUnheard() {
    let setByMs = 0;
    const clock = createClock({ wall: () => Date.now() + setByMs });
    const it = await openEmulatedAccount({ clock, dataCentres: 1 });
    const heardAtMs = it.account.health().lastHeardAtMs ?? 0;
    setByMs = 61_000;
    const pool = (account: Account) => {
      const made = createAccountPool({ clock, logger: silent });
      made.add(account);
      return made;
    };
    return { ...it, heardAtMs, pool, [Symbol.asyncDispose]: () => it[Symbol.asyncDispose]() };
  }

  test("asks it for a sign of life, and gives it when it answers", async () => {
    await using it = await openUnheard();
    expect(await it.pool(it.account).acquire(it.account.name)).toBe(it.account);
    const { lastHeardAtMs, latencyMs } = it.account.health();
    expect(lastHeardAtMs).toBeGreaterThanOrEqual(it.heardAtMs + 60_000);
    expect(latencyMs).toBeNumber();
  });

  test("refuses it when it does not answer in time", async () => {
    await using it = await openUnheard();
    it.emulator.world.faults.silenceConnections();
    const ending = new AbortController();
    const asked = Promise.withResolvers<void>();
    const account = withOther(it.account, {
      ping: (options) => {
        const pinged = it.account.ping(options);
        asked.resolve();
        return pinged;
      },
    });
    const acquired = it.pool(account).acquire(account.name, ending.signal);
    await asked.promise;
    ending.abort(cancelled("wait"));
    await expect(acquired).rejects.toMatchObject({ category: "CANCELLED" });
    expect(it.account.health().lastHeardAtMs).toBe(it.heardAtMs);
  });

  test("refuses it when the answer took too long", async () => {
    await using it = await openUnheard();
    const slow = { ...it.account.health(), lastHeardAtMs: null };
    let health: AccountHealth = slow;
    const account = withOther(it.account, {
      health: () => health,
      ping: async () => {
        health = { ...slow, latencyMs: 5_001 };
      },
    });
    await expect(it.pool(account).acquire(account.name)).rejects.toMatchObject({ code: "ACCOUNT_SLOW" });
  });
});

describe("AccountPool's look for idle connections", () => {
  const idleMs = 1_000;

  test("closes those that nobody used for so long, and goes on after one that could not be closed", async () => {
    let setByMs = 0;
    const clock = createClock({ wall: () => Date.now() + setByMs });
    await using it = await openEmulatedAccount({ clock });
    const bob = it.emulator.world.createUser({ firstName: "Bob" });
    const media = { kind: "document", bytes: new Uint8Array(10), dataCentreId: 2 } as const;
    const sent = { fromId: bob.id, chatId: it.owner.id, text: "file", media };
    it.emulator.world.sendMessage(sent);
    const message = await it.event("message.received", ({ text }) => text === "file");
    await using folder = await makeTemporaryFolder();
    await it.telegram.download(refOf(message), folder.path("file"));
    expect(it.account.health().otherConnections).toBe(1);

    const told = Promise.withResolvers<void>();
    const lines: string[] = [];
    const write = (line: string) => {
      lines.push(line);
      if (line.includes("Idle connections were closed")) told.resolve();
    };
    const poolClock = createHandClock();
    await using pool = createAccountPool({
      ...{ clock: poolClock, idleMs },
      logger: createLogger({ level: "debug", format: "json", write }),
    });
    let looks = 0;
    pool.add(
      withOther(it.account, {
        start: async () => undefined,
        stop: async () => undefined,
        closeIdleConnections: async (forMs) => {
          looks += 1;
          if (looks === 1) throw new Error("The connection does not close");
          return it.account.closeIdleConnections(forMs);
        },
      }),
    );
    expect(await pool.start(AbortSignal.timeout(5_000))).toEqual(new Map());
    await poolClock.advance(idleMs / 2);
    expect(lines.join()).toContain("Idle connections could not be closed");
    await poolClock.advance(idleMs / 2);
    // It was used a moment ago.
    expect([looks, it.account.health().otherConnections]).toEqual([2, 1]);
    setByMs = idleMs;
    await poolClock.advance(idleMs / 2);
    await told.promise;
    expect(it.account.health().otherConnections).toBe(0);
    await pool.stop();
    await poolClock.advance(idleMs);
    expect(looks).toBe(3);
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
