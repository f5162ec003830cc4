import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Api, type TelegramClient } from "telegram";
import { type Emulator, startEmulator } from "../../../runtime/emulator/index.ts";
import { checkPassword, connectedTo, refusalOf, signIn } from "./signed-in.ts";

const phone = "+15550001";
let emulator: Emulator;
let client: TelegramClient;

beforeEach(async () => {
  emulator = await startEmulator();
  client = await connectedTo(emulator);
});
afterEach(async () => {
  await client.destroy();
  await emulator.stop();
});

describe("auth methods", () => {
  test("sign in with phone and code", async () => {
    const user = emulator.world.createUser({ firstName: "Ada", phone });
    expect(await refusalOf(client.invoke(new Api.updates.GetState()))).toBe("AUTH_KEY_UNREGISTERED");
    await signIn(emulator, client, phone);
    const me = await client.getMe();
    expect([me.id.toString(), me.firstName, me.phone]).toEqual([user.id, "Ada", "15550001"]);
    expect(emulator.world.sessions(user.id)).toHaveLength(1);
  });

  test("refuse a wrong code, an old one, and a number that is none", async () => {
    emulator.world.createUser({ firstName: "Ada", phone });
    const { phoneCodeHash } = await client.sendCode({ apiId: 1, apiHash: "hash" }, phone);
    const attempt = (phoneCode: string) =>
      refusalOf(client.invoke(new Api.auth.SignIn({ phoneNumber: phone, phoneCodeHash, phoneCode })));
    expect(await attempt("00000")).toBe("PHONE_CODE_INVALID");
    expect(await attempt("")).toBe("PHONE_CODE_EMPTY");
    emulator.world.faults.expireLoginCode(phone);
    expect(await attempt("00000")).toBe("PHONE_CODE_EXPIRED");
    expect(await refusalOf(client.sendCode({ apiId: 1, apiHash: "hash" }, "nope"))).toBe(
      "PHONE_NUMBER_INVALID",
    );
  });

  test("want the 2FA password, and only the right one", async () => {
    emulator.world.createUser({ firstName: "Ada", phone, password: "correct horse" });
    expect(await refusalOf(signIn(emulator, client, phone))).toBe("SESSION_PASSWORD_NEEDED");
    expect(await refusalOf(checkPassword(client, "wrong horse"))).toBe("PASSWORD_HASH_INVALID");
    expect(await refusalOf(client.invoke(new Api.updates.GetState()))).toBe("SESSION_PASSWORD_NEEDED");
    await checkPassword(client, "correct horse");
    expect((await client.getMe()).firstName).toBe("Ada");
  });

  test("send an account to its home data centre", async () => {
    emulator.world.createUser({ firstName: "Bob", phone, homeDataCentreId: 2 });
    await signIn(emulator, client, phone);
    expect((await client.getMe()).firstName).toBe("Bob");
    expect(emulator.world.sessions()[0]?.dataCentreId).toBe(2);
  });

  test("offer no sign-up to a number without an account", async () => {
    const { phoneCodeHash } = await client.sendCode({ apiId: 1, apiHash: "hash" }, phone);
    const phoneCode = emulator.world.loginCode(phone) ?? "";
    const answer = await client.invoke(new Api.auth.SignIn({ phoneNumber: phone, phoneCodeHash, phoneCode }));
    expect(answer).toBeInstanceOf(Api.auth.AuthorizationSignUpRequired);
  });

  test("log out, and end another session", async () => {
    const user = emulator.world.createUser({ firstName: "Ada", phone });
    await signIn(emulator, client, phone);
    const other = await connectedTo(emulator);
    await signIn(emulator, other, phone);
    const { authorizations } = await client.invoke(new Api.account.GetAuthorizations());
    const foreign = authorizations.find(({ current }) => !current);
    if (foreign === undefined) throw new Error("The other session is not listed");
    await client.invoke(new Api.account.ResetAuthorization({ hash: foreign.hash }));
    expect(await refusalOf(other.invoke(new Api.updates.GetState()))).toBe("SESSION_REVOKED");
    await other.destroy();
    await client.invoke(new Api.auth.LogOut());
    expect(await refusalOf(client.invoke(new Api.updates.GetState()))).toBe("AUTH_KEY_UNREGISTERED");
    expect(emulator.world.sessions(user.id)).toEqual([]);
  });

  test("answer a flood wait and what is left of it", async () => {
    emulator.world.createUser({ firstName: "Ada", phone });
    await signIn(emulator, client, phone);
    emulator.world.faults.floodWait({ method: "updates.getState", seconds: 30 });
    const getState = () => client.invoke(new Api.updates.GetState());
    expect(await refusalOf(getState())).toBe("FLOOD");
    expect(await refusalOf(getState())).toBe("FLOOD");
    emulator.world.faults.clear();
    expect((await getState()).pts).toBe(1);
  });
});

describe("auth.sendCode", () => {
  test("refuses a banned number, and one that was asked for too often", async () => {
    emulator.world.createUser({ firstName: "Ada", phone });
    emulator.world.banPhone("+15550002");
    const ask = (number: string) => client.sendCode({ apiId: 1, apiHash: "hash" }, number);
    expect(await refusalOf(ask("+15550002"))).toBe("PHONE_NUMBER_BANNED");
    for (let sent = 0; sent < 50; sent += 1) await ask(phone);
    expect(await refusalOf(ask(phone))).toBe("PHONE_NUMBER_FLOOD");
  });
});

/** As GramJS's own `sendCode`, which tells less of the answer. */
async function sendCode(): Promise<Api.auth.SentCode> {
  const settings = new Api.CodeSettings({});
  const request = new Api.auth.SendCode({ phoneNumber: phone, apiId: 1, apiHash: "hash", settings });
  const sent = await client.invoke(request);
  if (!(sent instanceof Api.auth.SentCode)) throw new Error(sent.className);
  return sent;
}

describe("auth.signIn", () => {
  test("takes a code that went by e-mail as one of e-mail alone", async () => {
    emulator.world.createUser({ firstName: "Ada", phone, codesBy: "email" });
    const sent = await sendCode();
    expect(sent.type).toBeInstanceOf(Api.auth.SentCodeTypeEmailCode);
    const { phoneCodeHash } = sent;
    const code = emulator.world.loginCode(phone) ?? "";
    const signInBy = (proof: Pick<Partial<Api.auth.SignIn>, "phoneCode" | "emailVerification">) =>
      client.invoke(new Api.auth.SignIn({ phoneNumber: phone, phoneCodeHash, ...proof }));
    const ofEmail = (given: string) => ({
      emailVerification: new Api.EmailVerificationCode({ code: given }),
    });
    expect(await refusalOf(signInBy({ phoneCode: code }))).toBe("PHONE_CODE_INVALID");
    expect(await refusalOf(signInBy(ofEmail("00000")))).toBe("CODE_INVALID");
    expect(await refusalOf(signInBy(ofEmail("")))).toBe("PHONE_CODE_EMPTY");
    await signInBy(ofEmail(code));
    expect((await client.getMe()).firstName).toBe("Ada");
  });

  test("is not reached where an e-mail address is wanted first", async () => {
    emulator.world.createUser({ firstName: "Ada", phone, codesBy: "email-setup" });
    const sent = await sendCode();
    expect(sent.type).toBeInstanceOf(Api.auth.SentCodeTypeSetUpEmailRequired);
    expect(emulator.world.loginCode(phone)).toBeNull();
  });

  test.each([true, false])("has its connection cut, carried out or not: %p", async (isCarriedOut) => {
    const called = Promise.withResolvers<void>();
    const onCall = (method: string) => (method === "auth.signIn" ? called.resolve() : undefined);
    await using own = await startEmulator({ onCall });
    const ada = own.world.createUser({ firstName: "Ada", phone });
    own.world.faults.dropOnCall({ method: "auth.signIn", times: 10, isCarriedOut });
    const cut = await connectedTo(own);
    signIn(own, cut, phone).catch(() => undefined);
    // It is entered within the turn in which it is told.
    await called.promise;
    await cut.destroy();
    expect(own.world.sessions(ada.id)).toHaveLength(isCarriedOut ? 1 : 0);
  });
});

describe("auth.resendCode", () => {
  test("sends the next code another way, as long as there is one", async () => {
    emulator.world.createUser({ firstName: "Ada", phone });
    const resend = (phoneCodeHash: string) =>
      client.invoke(new Api.auth.ResendCode({ phoneNumber: phone, phoneCodeHash }));
    const { phoneCodeHash } = await client.sendCode({ apiId: 1, apiHash: "hash" }, phone);
    const first = await resend(phoneCodeHash);
    if (!(first instanceof Api.auth.SentCode)) throw new Error(first.className);
    expect(first.type).toBeInstanceOf(Api.auth.SentCodeTypeSms);
    const last = await resend(first.phoneCodeHash);
    if (!(last instanceof Api.auth.SentCode)) throw new Error(last.className);
    expect([last.type.className, last.nextType ?? null]).toEqual(["auth.SentCodeTypeCall", null]);
    expect(await refusalOf(resend(last.phoneCodeHash))).toBe("SEND_CODE_UNAVAILABLE");
  });
});

describe("auth.importAuthorization", () => {
  /** Ada, signed in at 1, with a key at 2 that her session was brought to. */
  async function broughtToTwo() {
    const user = emulator.world.createUser({ firstName: "Ada", phone });
    await signIn(emulator, client, phone);
    const brought = await connectedTo(emulator);
    await brought._switchDC(2);
    return { user, brought };
  }
  const bring = async (from: TelegramClient, to: TelegramClient) => {
    const { id, bytes } = await from.invoke(new Api.auth.ExportAuthorization({ dcId: 2 }));
    return to.invoke(new Api.auth.ImportAuthorization({ id, bytes }));
  };
  const fate = (of: TelegramClient) =>
    refusalOf(of.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] })));

  test.each([
    { how: "logs out", end: () => client.invoke(new Api.auth.LogOut()), hears: "AUTH_KEY_UNREGISTERED" },
    {
      how: "is ended from elsewhere",
      end: async () => {
        const [own] = emulator.world.sessions();
        emulator.world.revokeSession(own?.authKeyId ?? "");
      },
      hears: "SESSION_REVOKED",
    },
  ])("brings a session to a key that ends with it, when it $how", async ({ end, hears }) => {
    const { brought, user } = await broughtToTwo();
    await bring(client, brought);
    expect(emulator.world.sessions(user.id).map(({ isImported }) => isImported)).toEqual([false, true]);
    await end();
    expect(emulator.world.sessions(user.id)).toEqual([]);
    expect(await fate(brought)).toBe(hears);
    await brought.destroy();
  });

  test("is refused with what a session exported before its end", async () => {
    const { brought } = await broughtToTwo();
    const { id, bytes } = await client.invoke(new Api.auth.ExportAuthorization({ dcId: 2 }));
    await client.invoke(new Api.auth.LogOut());
    const late = brought.invoke(new Api.auth.ImportAuthorization({ id, bytes }));
    expect(await refusalOf(late)).toBe("AUTH_BYTES_INVALID");
    await brought.destroy();
  });

  test("gives a key over to another session of the person, and ends neither", async () => {
    const { brought, user } = await broughtToTwo();
    await bring(client, brought);
    const other = await connectedTo(emulator);
    await signIn(emulator, other, phone);
    await bring(other, brought);
    await client.invoke(new Api.auth.LogOut());
    expect(emulator.world.sessions(user.id)).toHaveLength(2);
    await other.invoke(new Api.auth.LogOut());
    expect(emulator.world.sessions(user.id)).toEqual([]);
    for (const each of [other, brought]) await each.destroy();
  });

  test("carries a session to where the person was moved, and is that session there", async () => {
    const { brought, user } = await broughtToTwo();
    const other = await connectedTo(emulator);
    await signIn(emulator, other, phone);
    emulator.world.moveUser(user.id, 2);
    await bring(client, brought);
    const { authorizations } = await brought.invoke(new Api.account.GetAuthorizations());
    expect(authorizations.map(({ current }) => current)).toEqual([true, false]);
    await brought.invoke(new Api.auth.ResetAuthorizations());
    expect(emulator.world.sessions(user.id)).toHaveLength(2);
    await brought.invoke(new Api.auth.LogOut());
    expect(emulator.world.sessions(user.id)).toEqual([]);
    for (const each of [other, brought]) await each.destroy();
  });
});
