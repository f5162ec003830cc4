import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { parseAccountName, TelegraphistError } from "../../../runtime/contract/index.ts";
import { startEmulator } from "../../../runtime/emulator/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { type AccountOptions, createAccount, createAccountPool } from "../../../runtime/telegram/index.ts";
import { createLogger } from "../../../telemetry/index.ts";
import { silent } from "../support/mtproto-rig.ts";
import { nextState } from "../support/next-state.ts";
import { memoryStorage } from "../support/storage.ts";

setDefaultTimeout(30_000);

const held = new TelegraphistError({ code: "LEASE_HELD", category: "STORAGE", message: "Another has it" });

const lost = new TelegraphistError({ code: "LEASE_LOST", category: "STORAGE", message: "Another took it" });

/** A session that another program has whenever the test says so. */
function heldElsewhere() {
  let free: PromiseWithResolvers<void> | null = null;
  let holding = new AbortController();
  const takeSession: AccountOptions["takeSession"] = async (_, signal, wait) => {
    if (free !== null) {
      if (wait === undefined) throw held;
      wait.onWait(held);
      const ended = Promise.withResolvers<never>();
      signal.addEventListener("abort", () => ended.reject(signal.reason));
      await Promise.race([free.promise, ended.promise]);
    }
    holding = new AbortController();
    const { signal: losing } = holding;
    return {
      isFresh: true,
      lost: losing,
      ensure: async () => losing.throwIfAborted(),
      release: async () => undefined,
    };
  };
  const take = () => {
    free = Promise.withResolvers();
  };
  return {
    takeSession,
    take,
    /** Takes it from the account that uses it. */
    seize: () => {
      take();
      holding.abort(lost);
    },
    release: () => {
      free?.resolve();
      free = null;
    },
  };
}

/** Two accounts that are logged in; another program has the session of the second, or of both. */
async function openPool({ isAlone = false } = {}) {
  await using made = new AsyncDisposableStack();
  const emulator = made.use(await startEmulator({ dataCentres: 1 }));
  const storage = made.use(await memoryStorage());
  const lines: string[] = [];
  const { promise: firstLine, resolve } = Promise.withResolvers<string>();
  const write = (line: string) => {
    lines.push(line);
    resolve(line);
  };
  const logger = createLogger({ level: "info", format: "json", write });
  const pool = made.use(createAccountPool({ clock: systemClock, logger }));
  const open = async (text: string, phone: string) => {
    const session = heldElsewhere();
    emulator.world.createUser({ firstName: text, phone });
    const account = createAccount({
      ...{ name: parseAccountName(text), api: { id: 1, hash: "hash" }, server: emulator.server, storage },
      ...{ logger: silent, clock: systemClock, commit: async () => undefined },
      takeSession: session.takeSession,
    });
    pool.add(account);
    await account.login({
      phone: async () => phone,
      code: async () => emulator.world.loginCode(phone) ?? "",
      password: async () => "",
    });
    return { account, session };
  };
  const well = await open("well", "+15550001");
  const late = await open("late", "+15550002");
  late.session.take();
  if (isAlone) well.session.take();
  const owned = made.move();
  return { pool, storage, lines, firstLine, well, late, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const { signal } = new AbortController();

/** The same, both online. */
async function openRunningPool() {
  const it = await openPool();
  it.late.session.release();
  const online = nextState(it.late.account, "online");
  await it.pool.start(signal);
  await online;
  return it;
}

describe("AccountPool.start() with a session that another program has", () => {
  test("begins with the others, and starts that account once its session is free", async () => {
    await using it = await openPool();
    const { account, session } = it.late;
    const waiting = nextState(account, "waiting");
    const online = nextState(it.well.account, "online");
    expect(await it.pool.start(signal)).toEqual(new Map());
    await online;
    expect(await waiting).toMatchObject({ untilMs: null, error: { code: "LEASE_HELD" } });
    expect(account.health().lastError).toMatchObject({ code: "LEASE_HELD" });
    await expect(account.authorizations()).rejects.toMatchObject({ code: "LEASE_HELD" });
    await expect(account.telegram.me()).rejects.toMatchObject({ code: "LEASE_HELD" });
    const arrived = nextState(account, "online");
    session.release();
    await arrived;
    expect(account.health().lastError).toBeNull();
  });

  test("says why an account is not started that waited in vain", async () => {
    await using it = await openPool();
    const waiting = nextState(it.late.account, "waiting");
    await it.pool.start(signal);
    await waiting;
    await it.storage.sessions.delete(it.late.account.name);
    it.late.session.release();
    expect(await it.firstLine).toMatch(/ACCOUNT_NO_SESSION.*waited for its session was not started/);
    expect(it.late.account.state).toMatchObject({ state: "stopped", error: { code: "ACCOUNT_NO_SESSION" } });
  });

  test("ends the wait with the pool", async () => {
    await using it = await openPool();
    const waiting = nextState(it.late.account, "waiting");
    await it.pool.start(signal);
    await waiting;
    await it.pool.stop();
    expect(it.late.account.state.state).toBe("stopped");
    expect(it.late.account.health().lastError).toBeNull();
    expect(it.lines).toEqual([]);
  });

  test("begins also where no account has its session yet", async () => {
    await using it = await openPool({ isAlone: true });
    const accounts = [it.well, it.late];
    const waiting = accounts.map(({ account }) => nextState(account, "waiting"));
    expect(await it.pool.start(signal)).toEqual(new Map());
    await Promise.all(waiting);
    const online = accounts.map(({ account }) => nextState(account, "online"));
    for (const { session } of accounts) session.release();
    await Promise.all(online);
  });
});

describe("AccountPool beside a program that takes a session over", () => {
  test("has the account wait for its session, and come back once that is free", async () => {
    await using it = await openRunningPool();
    const { account, session } = it.late;
    const [stopped, waiting] = [nextState(account, "stopped"), nextState(account, "waiting")];
    session.seize();
    expect(await stopped).toMatchObject({ error: { code: "LEASE_LOST" } });
    expect(await waiting).toMatchObject({ untilMs: null, error: { code: "LEASE_HELD" } });
    await expect(account.telegram.me()).rejects.toMatchObject({ code: "LEASE_HELD" });
    const back = nextState(account, "online");
    session.release();
    await back;
    expect(await account.telegram.me()).toMatchObject({ firstName: "late" });
    expect(it.well.account.health()).toMatchObject({ reconnects: 0, lastError: null });
  });

  test("says why an account cannot come back", async () => {
    await using it = await openRunningPool();
    const { account, session } = it.late;
    const waiting = nextState(account, "waiting");
    session.seize();
    await waiting;
    await it.storage.sessions.delete(account.name);
    session.release();
    expect(await it.firstLine).toMatch(/ACCOUNT_NO_SESSION.*lost its session was not started again/);
  });

  test("ends the wait with the pool", async () => {
    await using it = await openRunningPool();
    const { account, session } = it.late;
    const waiting = nextState(account, "waiting");
    session.seize();
    await waiting;
    await it.pool.stop();
    expect(account.state.state).toBe("stopped");
    expect(it.lines).toEqual([]);
  });
});

describe("AccountPool.takeUp()", () => {
  test("starts an account at rest once, and does nothing for one that runs", async () => {
    await using it = await openPool();
    const { account } = it.well;
    const states: string[] = [];
    account.onState(({ state }) => states.push(state));
    const online = nextState(account, "online");
    await Promise.all([it.pool.takeUp(account.name), it.pool.takeUp(account.name)]);
    await online;
    await it.pool.takeUp(account.name);
    expect(states).toEqual(["connecting", "catching-up", "online"]);
  });
});
