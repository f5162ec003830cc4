import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type Emulator, startEmulator, type UserView } from "../../../runtime/emulator/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import type {
  Account,
  CodeRequest,
  LoginPrompts,
  LoginWay,
  QrCode,
} from "../../../runtime/telegram/index.ts";
import { nextState } from "../support/next-state.ts";
import { recordAccount } from "../support/recorded-account.ts";
import { memoryStorage } from "../support/storage.ts";

const phone = "+15550001";
const password = "correct horse";
/** Of TCP's echo service, which nobody runs. */
const unusedPort = 7;
let emulator: Emulator;
let storage: Storage;
let account: Account;

beforeEach(async () => {
  emulator = await startEmulator();
  storage = await memoryStorage();
  account = recordAccount(emulator.server, storage).account;
});
afterEach(async () => {
  await account.stop();
  await storage.close();
  await emulator.stop();
});

const createAda = (details = {}): UserView =>
  emulator.world.createUser({ firstName: "Ada", phone, ...details });
const latestCode = async () => emulator.world.loginCode(phone) ?? "";
const noPassword = () => Promise.reject(new Error("No password was expected"));
const prompts: LoginPrompts = { phone: async () => phone, code: latestCode, password: noPassword };

describe("logIn()", () => {
  test("asks for another number when the first is none, banned, or given in error", async () => {
    createAda();
    emulator.world.banPhone("+15550002");
    const numbers = ["nonsense", "+15550002", "+15550003", phone];
    const problems: (string | null)[] = [];
    const attempts: number[] = [];
    let codes = 0;
    await account.login({
      ...prompts,
      phone: async ({ attempt, problem }) => {
        problems.push(problem?.code ?? null);
        attempts.push(attempt);
        return numbers.shift() ?? "";
      },
      code: async () => {
        codes += 1;
        return codes === 1 ? { instead: "another-phone" } : latestCode();
      },
    });
    expect(problems).toEqual([null, "PHONE_NUMBER_INVALID", "PHONE_NUMBER_BANNED", null]);
    // Going back is no answer that was not taken.
    expect(attempts).toEqual([1, 2, 3, 3]);
    // The code that nobody will use is taken back.
    expect(emulator.world.loginCode("+15550003")).toBeNull();
  });

  test("has codes sent by one way after the other, and says when there is none left", async () => {
    createAda();
    const asked: CodeRequest[] = [];
    await account.login({
      ...prompts,
      code: async (request) => {
        asked.push(request);
        return asked.length <= 3 ? { instead: "another-code" } : latestCode();
      },
    });
    const told = asked.map(({ sentVia, nextVia, problem }) => [sentVia, nextVia, problem?.code ?? null]);
    expect(told).toEqual([
      ["app", "sms", null],
      ["sms", "call", null],
      ["call", null, null],
      ["call", null, "SEND_CODE_UNAVAILABLE"],
    ]);
  });

  test("counts wrong passwords, with the hint, and gives up after five", async () => {
    createAda({ password, passwordHint: "the stapler" });
    const asked: unknown[] = [];
    const login = account.login({
      ...prompts,
      password: async ({ attempt, hint, problem }) => {
        asked.push([attempt, hint, problem?.code ?? null]);
        return "wrong horse";
      },
    });
    await expect(login).rejects.toMatchObject({ code: "PASSWORD_HASH_INVALID" });
    const wrong = [2, 3, 4, 5].map((attempt) => [attempt, "the stapler", "PASSWORD_HASH_INVALID"]);
    expect(asked).toEqual([[1, "the stapler", null], ...wrong]);
    expect(await storage.sessions.load(account.name)).toBeNull();
  });
});

/** Scans the codes that are shown, those that `scans` picks by their number from 1. */
function scanning(user: UserView, scans: (shown: number) => boolean = () => true) {
  const codes: QrCode[] = [];
  return {
    codes,
    prompts: {
      password: noPassword,
      showQr(code: QrCode) {
        codes.push(code);
        if (scans(codes.length)) emulator.world.scanLoginCode(user.id, code.url);
      },
    },
  };
}

describe("logInByQr()", () => {
  test("logs in once the code is scanned, and the account can be started", async () => {
    const ada = createAda();
    const { prompts, codes } = scanning(ada);
    expect(await account.login(prompts)).toMatchObject({ id: ada.id, firstName: "Ada" });
    expect(codes).toHaveLength(1);
    await account.start({ signal: AbortSignal.timeout(20_000) });
    expect(await account.telegram.me()).toMatchObject({ id: ada.id });
  });

  test("goes to the person's home data centre, and asks for the password there", async () => {
    const ada = createAda({ homeDataCentreId: 2, password });
    const asked: number[] = [];
    await account.login({
      ...scanning(ada).prompts,
      password: async ({ attempt }) => {
        asked.push(attempt);
        return attempt === 1 ? "wrong horse" : password;
      },
    });
    expect(asked).toEqual([1, 2]);
    expect(await storage.sessions.load(account.name)).toMatchObject({ mainDataCentreId: 2, userId: ada.id });
    expect(emulator.world.sessions(ada.id)).toMatchObject([{ dataCentreId: 2 }]);
  });

  test("shows another code before the one that is shown is too old", async () => {
    const ada = createAda();
    await account.stop();
    const sleeps: number[] = [];
    const clock = {
      now: Date.now,
      sleep: async (durationMs: number, { signal }: { readonly signal?: AbortSignal } = {}) => {
        signal?.throwIfAborted();
        // The code's own time is over at once; no other wait is meant.
        if (durationMs >= 5000 && durationMs <= 28_000) sleeps.push(durationMs);
        else await new Promise(() => undefined);
      },
    };
    account = recordAccount(emulator.server, storage, { clock }).account;
    const { prompts, codes } = scanning(ada, (shown) => shown === 3);
    await account.login(prompts);
    expect(new Set(codes.map(({ url }) => url)).size).toBe(3);
    expect(sleeps.every((durationMs) => durationMs < 30_000)).toBe(true);
  });

  test("ends with the signal while nobody scans", async () => {
    const shown = Promise.withResolvers<void>();
    const controller = new AbortController();
    const login = account.login({
      password: noPassword,
      showQr: () => shown.resolve(),
      signal: controller.signal,
    });
    await shown.promise;
    controller.abort(new Error("enough"));
    await expect(login).rejects.toThrow("enough");
  });
});

describe("a login that begins in data centre 2, of an account at home in 4", () => {
  /** The five of Telegram, in its order: the second first. */
  async function startTelegram() {
    await using made = new AsyncDisposableStack();
    const telegram = made.use(await startEmulator({ dataCentres: 5 }));
    const kept = made.use(await memoryStorage());
    const dataCentres = telegram.server.dataCentres.toSorted(
      (a, b) => Number(b.id === 2) - Number(a.id === 2),
    );
    const traveller = recordAccount({ ...telegram.server, dataCentres }, kept).account;
    made.defer(() => traveller.stop());
    const ada = telegram.world.createUser({ firstName: "Ada", phone, password, homeDataCentreId: 4 });
    const owned = made.move();
    return { telegram, kept, traveller, ada, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  }
  type Telegram = Awaited<ReturnType<typeof startTelegram>>;

  const ways: Readonly<Record<string, (it: Telegram) => LoginWay>> = {
    "by phone": ({ telegram }) => ({
      phone: async () => phone,
      code: async () => telegram.world.loginCode(phone) ?? "",
      password: async () => password,
    }),
    "by QR code": ({ telegram, ada }) => ({
      showQr: ({ url }) => void telegram.world.scanLoginCode(ada.id, url),
      password: async () => password,
    }),
  };

  test.each(Object.keys(ways))("%s is followed there, and the account comes online there", async (by) => {
    await using it = await startTelegram();
    const { telegram, traveller, ada } = it;
    const way = ways[by]?.(it);
    if (way === undefined) throw new Error("A way was named");
    expect(await traveller.login(way)).toMatchObject({ id: ada.id });
    expect(await it.kept.sessions.load(traveller.name)).toMatchObject({ mainDataCentreId: 4 });
    expect(telegram.world.sessions(ada.id)).toMatchObject([{ dataCentreId: 4 }]);
    const online = nextState(traveller, "online");
    await traveller.start({ signal: AbortSignal.timeout(20_000) });
    expect(await online).toMatchObject({ dataCentreId: 4 });
  });

  test.each(Object.keys(ways))("%s comes to nothing where 4 cannot be reached", async (by) => {
    await using it = await startTelegram();
    const { telegram, kept } = it;
    const dataCentres = telegram.server.dataCentres.map((dataCentre) =>
      dataCentre.id === 4 ? { ...dataCentre, port: unusedPort } : dataCentre,
    );
    const first = dataCentres.filter(({ id }) => id === 2);
    // The tries follow each other without their waits; no call is at its deadline of a minute.
    const sleep = (durationMs: number) =>
      durationMs < 60_000 ? Promise.resolve() : new Promise<void>(() => undefined);
    const clock = { now: Date.now, sleep };
    const server = { ...telegram.server, dataCentres: [...first, ...dataCentres] };
    const lost = recordAccount(server, kept, { clock }).account;
    const way = ways[by]?.(it);
    if (way === undefined) throw new Error("A way was named");
    await expect(lost.login(way)).rejects.toMatchObject({ category: "NETWORK" });
    expect(await kept.sessions.load(lost.name)).toBeNull();
    expect(telegram.world.sessions(it.ada.id)).toEqual([]);
  });
});

describe("Account.authorizations()", () => {
  test("lists and ends the account's sessions, whether the account runs or not", async () => {
    createAda();
    await account.login(prompts);
    const other = recordAccount(emulator.server, await memoryStorage()).account;
    await other.login(prompts);
    const [own, foreign] = await account.authorizations();
    expect(own).toMatchObject({ isCurrent: true, deviceModel: "Telegraphist" });
    expect(foreign).toMatchObject({ isCurrent: false, apiId: 1 });
    await account.start({ signal: AbortSignal.timeout(20_000) });
    expect(await account.authorizations()).toHaveLength(2);
    await account.endAuthorization(foreign?.id ?? "");
    expect(await account.authorizations()).toHaveLength(1);
    await expect(other.authorizations()).rejects.toMatchObject({ code: "SESSION_REVOKED" });
    await expect(account.endAuthorization("12")).rejects.toMatchObject({ code: "HASH_INVALID" });
    await expect(account.endAuthorization("nonsense")).rejects.toMatchObject({ code: "HASH_INVALID" });
  });

  test("needs a session", async () => {
    await expect(account.authorizations()).rejects.toMatchObject({ code: "ACCOUNT_NO_SESSION" });
  });
});

describe("Account.logOut()", () => {
  test("ends the session of an account that is not started", async () => {
    const ada = createAda();
    await account.login(prompts);
    await account.logOut();
    expect(emulator.world.sessions(ada.id)).toEqual([]);
    expect(await storage.sessions.load(account.name)).toBeNull();
  });
});
