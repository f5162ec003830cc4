import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { IntermediatePacketCodec } from "@mtcute/bun";
import { StringSession } from "telegram/sessions/index.js";
import { parseAccountName } from "../../../runtime/contract/index.ts";
import { type Emulator, startEmulator, type UserView } from "../../../runtime/emulator/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import {
  type Account,
  createAccount,
  exportSession,
  sessionFormats,
} from "../../../runtime/telegram/index.ts";
import { mtcuteClient, mtcuteLayer } from "../../emulator/conformance/mtcute.ts";
import { connectedTo, signIn } from "../../emulator/methods/signed-in.ts";
import { telethonIpv4 } from "../session-strings/vectors.ts";
import { silent } from "../support/mtproto-rig.ts";
import { recordAccount } from "../support/recorded-account.ts";
import { memoryStorage } from "../support/storage.ts";

const phone = "+15550001";
let emulator: Emulator;
let storage: Storage;
let account: Account;
let ada: UserView;

beforeEach(async () => {
  emulator = await startEmulator({ layers: [mtcuteLayer] });
  storage = await memoryStorage();
  account = recordAccount(emulator.server, storage).account;
  ada = emulator.world.createUser({ firstName: "Ada", phone, homeDataCentreId: 2 });
});
afterEach(async () => {
  await account.stop();
  await storage.close();
  await emulator.stop();
});

/** The string of a GramJS client that is signed in, and stopped. */
async function stringOfGramjs(): Promise<string> {
  const session = new StringSession("");
  const client = await connectedTo(emulator, session);
  await signIn(emulator, client, phone);
  const text = session.save();
  await client.destroy();
  return text;
}

describe("logInByString()", () => {
  test("takes over the session of GramJS, and makes none anew", async () => {
    const sessionString = await stringOfGramjs();
    expect(await account.login({ sessionString })).toMatchObject({ id: ada.id });
    expect(emulator.world.sessions(ada.id)).toHaveLength(1);
    await account.start({ signal: AbortSignal.timeout(20_000) });
    expect(await account.telegram.me()).toMatchObject({ firstName: "Ada" });
  });

  test("refuses one that is over, and keeps nothing of it", async () => {
    const sessionString = await stringOfGramjs();
    for (const { authKeyId } of emulator.world.sessions(ada.id)) emulator.world.revokeSession(authKeyId);
    await expect(account.login({ sessionString })).rejects.toMatchObject({ code: "SESSION_REVOKED" });
    expect(await storage.sessions.load(account.name)).toBeNull();
  });

  test("refuses one of another list of data centres, and one whose key the server does not know", async () => {
    await expect(account.login({ sessionString: telethonIpv4 })).rejects.toMatchObject({
      code: "SESSION_STRING_NETWORK",
    });
    const unknown = `1${Buffer.concat([Buffer.from([2, 127, 0, 0, 1, 1, 187]), Buffer.alloc(256, 7)]).toString("base64")}`;
    await expect(account.login({ sessionString: unknown })).rejects.toMatchObject({
      code: "AUTH_KEY_NOT_FOUND",
    });
    expect(await storage.sessions.load(account.name)).toBeNull();
  });

  test("refuses one that another account here has", async () => {
    const sessionString = await stringOfGramjs();
    await account.login({ sessionString });
    const other = createAccount({
      ...{ name: parseAccountName("other"), api: { id: 1, hash: "hash" }, server: emulator.server },
      ...{ storage, logger: silent, clock: systemClock, commit: async () => undefined },
    });
    await expect(other.login({ sessionString })).rejects.toMatchObject({ code: "SESSION_STRING_KNOWN" });
  });

  test("refuses a bot's", async () => {
    const bot = "+15550009";
    emulator.world.createUser({ firstName: "Robot", phone: bot, isBot: true });
    const session = new StringSession("");
    const client = await connectedTo(emulator, session);
    await signIn(emulator, client, bot);
    await client.destroy();
    await expect(account.login({ sessionString: session.save() })).rejects.toMatchObject({
      code: "LOGIN_BOT",
    });
  });
});

describe("exportSession()", () => {
  test.each(sessionFormats.map((format) => ({ format })))(
    "writes for $format what can be imported",
    async ({ format }) => {
      await account.login({ sessionString: await stringOfGramjs() });
      const record = await storage.sessions.load(account.name);
      if (record === null) throw new Error("Nothing was stored");
      const api = { id: 1, hash: "hash" };
      const sessionString = exportSession(record, format, { api, server: emulator.server });
      await using otherStorage = await memoryStorage();
      const other = recordAccount(emulator.server, otherStorage).account;
      expect(await other.login({ sessionString })).toMatchObject({ id: ada.id });
    },
  );

  test("writes for mtcute what mtcute itself goes on with", async () => {
    await account.login({ sessionString: await stringOfGramjs() });
    const record = await storage.sessions.load(account.name);
    if (record === null) throw new Error("Nothing was stored");
    const client = await mtcuteClient(emulator, { framing: () => new IntermediatePacketCodec() });
    await client.importSession(
      exportSession(record, "mtcute", { api: { id: 1, hash: "hash" }, server: emulator.server }),
    );
    expect((await client.getMe()).id).toBe(Number(ada.id));
    await client.destroy();
  });

  test("refuses a session without a person", () => {
    const record = {
      ...{
        account: account.name,
        userId: null,
        mainDataCentreId: 2,
        authKeys: new Map(),
        state: "active" as const,
      },
      ...{ device: { model: "", systemVersion: "", appVersion: "" } },
      ...{ createdAtMs: 0, lastUsedAtMs: 0, lastVerifiedAtMs: null },
    };
    const api = { id: 1, hash: "hash" };
    expect(() => exportSession(record, "gramjs", { api, server: emulator.server })).toThrow(
      expect.objectContaining({ code: "SESSION_STRING_UNFINISHED" }),
    );
  });
});
