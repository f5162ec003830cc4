import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { SessionArrivals } from "../../runtime/app/session-arrivals.ts";
import { parseAccountName, TelegraphistError } from "../../runtime/contract/index.ts";
import { createHandClock } from "../../runtime/scope/index.ts";
import type { StoredSession } from "../../runtime/storage/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { createInstallation, logInOwner } from "../e2e/installation.ts";
import { sessionOf } from "../storage/fixture.ts";
import { nextState } from "../telegram/support/next-state.ts";

setDefaultTimeout(30_000);

const [me, two] = [parseAccountName("me"), parseAccountName("two")];

function stored(changes: Partial<StoredSession> = {}): StoredSession {
  const { authKeys: _, ...summary } = sessionOf();
  return { ...summary, vaultKeyId: "key", noticedAtMs: null, ...changes };
}

/** Accounts that are at rest, and what is done with them. */
async function startWatch(sessions: StoredSession[] = []) {
  const clock = createHandClock();
  const lines: string[] = [];
  const taken: string[] = [];
  const state = { atRest: [me, two], mayHeal: false, failure: null as Error | null, isBroken: false };
  const arrivals = await SessionArrivals.from({
    atRest: () => state.atRest.map((account) => ({ account, mayHeal: state.mayHeal })),
    list: async () => {
      if (state.isBroken) throw new Error("The disk is gone");
      return sessions;
    },
    takeUp: async (account) => {
      taken.push(account);
      if (state.failure !== null) throw state.failure;
    },
    clock,
    logger: createLogger({ level: "warn", format: "json", write: (line) => void lines.push(line) }),
  });
  const ending = new AbortController();
  const watching = arrivals.watch(ending.signal);
  return {
    ...{ sessions, taken, lines, state },
    second: () => clock.advance(1_000),
    async [Symbol.asyncDispose]() {
      ending.abort(new Error("Enough"));
      await watching;
    },
  };
}

describe("SessionArrivals.watch()", () => {
  test("starts an account at rest once when its session comes, and again when another one does", async () => {
    await using it = await startWatch();
    await it.second();
    expect(it.taken).toEqual([]);
    it.sessions.push(stored());
    await it.second();
    await it.second();
    expect(it.taken).toEqual(["me"]);
    it.sessions[0] = stored({ createdAtMs: 101 });
    await it.second();
    expect(it.taken).toEqual(["me", "me"]);
  });

  test("leaves alone what was there before, is over, or belongs to an account that runs", async () => {
    await using it = await startWatch([stored()]);
    it.state.atRest = [me];
    it.sessions.push(stored({ account: two }));
    await it.second();
    it.sessions[0] = stored({ createdAtMs: 101, state: "logged-out" });
    await it.second();
    expect(it.taken).toEqual([]);
  });

  test("tries again for as long as what is in the way may be gone by itself", async () => {
    await using it = await startWatch([stored()]);
    await it.second();
    expect(it.taken).toEqual([]);
    it.state.mayHeal = true;
    await it.second();
    await it.second();
    expect(it.taken).toEqual(["me", "me"]);
  });

  test("says once why an account was not started, and nothing of one that is being logged in here", async () => {
    await using it = await startWatch();
    const error = (code: string) =>
      new TelegraphistError({ code, category: "STORAGE", message: "Cannot start it" });
    it.state.failure = error("VAULT_WRONG_KEY");
    it.sessions.push(stored());
    await it.second();
    await it.second();
    it.state.failure = error("ACCOUNT_RUNNING");
    it.sessions.push(stored({ account: two }));
    await it.second();
    expect(it.taken).toEqual(["me", "two"]);
    expect(it.lines).toHaveLength(1);
    expect(it.lines[0]).toMatch(/VAULT_WRONG_KEY.*was not started/);
  });

  test("goes on when the database could not be read", async () => {
    await using it = await startWatch();
    it.state.isBroken = true;
    await it.second();
    expect(it.lines[0]).toContain("Cannot look for sessions");
    it.state.isBroken = false;
    it.sessions.push(stored());
    await it.second();
    expect(it.taken).toEqual(["me"]);
  });
});

describe("a program beside which an account is logged in", () => {
  test("takes the account up, and once more after Telegram has ended that session", async () => {
    await using installation = await createInstallation({ accounts: { me: {}, two: {} } });
    await installation.logIn();
    await using running = await installation.open();
    await running.app.start();
    const { world } = installation.emulator;
    const phone = "+9996610002";
    const twyla = world.createUser({ firstName: "Twyla", phone });
    const account = running.app.accounts.get(two);
    if (account === undefined) throw new Error("Two accounts are configured");
    const logInElsewhere = async () => {
      await using other = await installation.open();
      await other.app.login("two", {
        phone: async () => phone,
        code: async () => world.loginCode(phone) ?? "",
        password: async () => "",
      });
    };
    const online = nextState(account, "online");
    await logInElsewhere();
    await online;
    const over = nextState(account, "logged-out");
    for (const { authKeyId } of world.sessions(twyla.id)) world.revokeSession(authKeyId);
    await account.telegram.me().catch(() => undefined);
    await over;
    const back = nextState(account, "online");
    await logInElsewhere();
    await back;
    expect(world.sessions(twyla.id)).toHaveLength(1);
    expect(await account.telegram.me()).toMatchObject({ id: twyla.id });
  });

  test("takes up what it logged in itself once", async () => {
    await using installation = await createInstallation({ accounts: { me: {} } });
    await using running = await installation.open();
    await running.app.start({ awaitsLogin: true });
    const account = running.app.accounts.get(me);
    if (account === undefined) throw new Error("An account is configured");
    const online = nextState(account, "online");
    await logInOwner(running.app, installation.emulator);
    await online;
    expect(account.health()).toMatchObject({ reconnects: 0, lastError: null });
  });
});
