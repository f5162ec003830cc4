import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { IntermediatePacketCodec } from "@mtcute/bun";
import bigInt from "big-integer";
import { Api, type TelegramClient } from "telegram";
import { type Emulator, startEmulator } from "../../../runtime/emulator/index.ts";
import { mtcuteClient, mtcuteLayer } from "../conformance/mtcute.ts";
import { checkPassword, connectedTo, Inbox, refusalOf, signIn } from "./signed-in.ts";

const phone = "+15550001";
let emulator: Emulator;
let asking: TelegramClient;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.now();
  emulator = await startEmulator({ worldNow: () => nowMs, layers: [mtcuteLayer] });
  asking = await connectedTo(emulator);
});
afterEach(async () => {
  await asking.destroy();
  await emulator.stop();
});

const request = () => new Api.auth.ExportLoginToken({ apiId: 1, apiHash: "hash", exceptIds: [] });

async function shownToken(client = asking): Promise<Buffer> {
  const answer = await client.invoke(request());
  if (!(answer instanceof Api.auth.LoginToken)) throw new Error(`Telegram answered ${answer.className}`);
  return answer.token;
}

const linkOf = (token: Buffer) => `tg://login?token=${token.toString("base64url")}`;

/** A client of the person that is signed in already. */
async function signedIn(password?: string): Promise<TelegramClient> {
  const client = await connectedTo(emulator);
  await signIn(emulator, client, phone, password);
  return client;
}

describe("login tokens", () => {
  test("sign a key in once another session accepts, and tell it", async () => {
    emulator.world.createUser({ firstName: "Ada", phone });
    const inbox = new Inbox(asking);
    const client = await signedIn();
    const token = await shownToken();
    const accepted = await client.invoke(new Api.auth.AcceptLoginToken({ token }));
    await inbox.first(Api.UpdateLoginToken);
    expect(await asking.invoke(request())).toBeInstanceOf(Api.auth.LoginTokenSuccess);
    expect((await asking.getMe()).firstName).toBe("Ada");
    const { authorizations } = await client.invoke(new Api.account.GetAuthorizations());
    const added = authorizations.find(({ current }) => !current);
    expect(added?.hash.toString()).toBe(accepted.hash.toString());
    await client.destroy();
  });

  test("are accepted by another library's client", async () => {
    emulator.world.createUser({ firstName: "Ada", phone });
    const client = await mtcuteClient(emulator, { framing: () => new IntermediatePacketCodec() });
    await client.start({
      phone,
      code: () => emulator.world.loginCode(phone) ?? "",
      codeSentCallback: () => {},
    });
    const authorization = await client.call({ _: "auth.acceptLoginToken", token: await shownToken() });
    expect(authorization._).toBe("authorization");
    expect(await asking.invoke(request())).toBeInstanceOf(Api.auth.LoginTokenSuccess);
    await client.destroy();
  });

  test("send a key to the person's home data centre", async () => {
    const ada = emulator.world.createUser({ firstName: "Ada", phone, homeDataCentreId: 2 });
    emulator.world.scanLoginCode(ada.id, linkOf(await shownToken()));
    const answer = await asking.invoke(request());
    if (!(answer instanceof Api.auth.LoginTokenMigrateTo)) throw new Error(answer.className);
    expect(answer.dcId).toBe(2);
    await asking._switchDC(answer.dcId);
    const { token } = answer;
    const answered = await asking.invoke(new Api.auth.ImportLoginToken({ token }));
    expect(answered).toBeInstanceOf(Api.auth.LoginTokenSuccess);
    expect(await refusalOf(asking.invoke(new Api.auth.ImportLoginToken({ token })))).toBe(
      "AUTH_TOKEN_INVALID",
    );
    expect(emulator.world.sessions(ada.id)).toMatchObject([{ dataCentreId: 2 }]);
  });

  test("want the 2FA password", async () => {
    const ada = emulator.world.createUser({
      firstName: "Ada",
      phone,
      password: "correct horse",
      passwordHint: "what the stapler hit",
    });
    emulator.world.scanLoginCode(ada.id, linkOf(await shownToken()));
    expect(await refusalOf(asking.invoke(request()))).toBe("SESSION_PASSWORD_NEEDED");
    expect((await asking.invoke(new Api.account.GetPassword())).hint).toBe("what the stapler hit");
    await checkPassword(asking, "correct horse");
    expect((await asking.getMe()).firstName).toBe("Ada");
  });

  test("are refused when they are old, used, replaced, unknown, or not for the person", async () => {
    const ada = emulator.world.createUser({ firstName: "Ada", phone });
    const client = await signedIn();
    const accept = (token: Buffer) => refusalOf(client.invoke(new Api.auth.AcceptLoginToken({ token })));
    expect(await accept(Buffer.alloc(32))).toBe("AUTH_TOKEN_INVALIDX");
    const replaced = await shownToken();
    const old = await shownToken();
    expect(await accept(replaced)).toBe("AUTH_TOKEN_INVALIDX");
    nowMs += 31_000;
    expect(await accept(old)).toBe("AUTH_TOKEN_EXPIRED");
    const token = await shownToken();
    await client.invoke(new Api.auth.AcceptLoginToken({ token }));
    expect(await accept(token)).toBe("AUTH_TOKEN_ALREADY_ACCEPTED");
    await asking.invoke(request());
    const exceptIds = [bigInt(ada.id)];
    const other = await connectedTo(emulator);
    const answer = await other.invoke(
      new Api.auth.ExportLoginToken({ apiId: 1, apiHash: "hash", exceptIds }),
    );
    if (!(answer instanceof Api.auth.LoginToken)) throw new Error(answer.className);
    expect(await accept(answer.token)).toBe("AUTH_TOKEN_EXCEPTION");
    await other.destroy();
    await client.destroy();
  });
});
