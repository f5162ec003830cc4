import { describe, expect, test } from "bun:test";
import { MemoryStorage, TelegramClient as MtcuteClient } from "@mtcute/bun";
import { AuthKey } from "telegram/crypto/AuthKey.js";
import { StringSession } from "telegram/sessions/index.js";
import {
  readSessionString,
  type SessionFormat,
  sessionFormats,
  writeSessionString,
} from "../../../runtime/telegram/session-strings/session-strings.ts";
import { refuseForeignString } from "../../../runtime/telegram/session-strings/string-network.ts";
import {
  pyrogramVersion1,
  pyrogramVersion1Long,
  pyrogramVersion2,
  telethonIpv4,
  telethonIpv6,
  vectorKey,
} from "./vectors.ts";

const address = { host: "149.154.167.51", port: 443 };
const complete = {
  dataCentreId: 2,
  address,
  isTest: false,
  authKey: vectorKey,
  userId: "1234567",
  apiId: 12_345,
};

async function gramjsString(): Promise<string> {
  const session = new StringSession("");
  session.setDC(2, address.host, address.port);
  const key = new AuthKey();
  await key.setKey(Buffer.from(vectorKey));
  session.setAuthKey(key);
  return session.save();
}

function mtcute(): MtcuteClient {
  return new MtcuteClient({ apiId: 1, apiHash: "hash", storage: new MemoryStorage(), logLevel: 0 });
}

async function mtcuteString(): Promise<string> {
  const client = mtcute();
  const home = { id: 2, ipAddress: address.host, port: address.port };
  await client.importSession({
    authKey: vectorKey,
    primaryDcs: { main: home, media: { ...home, mediaOnly: true } },
  });
  const text = await client.exportSession();
  await client.destroy();
  return text;
}

describe("readSessionString()", () => {
  test("reads what GramJS saves", async () => {
    expect(readSessionString(await gramjsString())).toEqual({
      format: "gramjs",
      dataCentreId: 2,
      address,
      isTest: null,
      authKey: vectorKey,
      userId: null,
    });
  });

  test.each([
    ["IPv4", telethonIpv4, "149.154.167.51"],
    ["IPv6", telethonIpv6, "2001:67c:4e8:f002::a"],
  ])("reads what Telethon saves for %s", (_, text, host) => {
    expect(readSessionString(text)).toEqual({
      format: "telethon",
      dataCentreId: 2,
      address: { host, port: 443 },
      isTest: null,
      authKey: vectorKey,
      userId: null,
    });
  });

  test.each([
    ["version 2", pyrogramVersion2, false],
    ["version 1 with long ids", pyrogramVersion1Long, false],
    ["version 1 of a test server", pyrogramVersion1, true],
  ])("reads what Pyrogram exports: %s", (_, text, isTest) => {
    expect(readSessionString(text)).toEqual({
      format: "pyrogram",
      dataCentreId: 2,
      address: null,
      isTest,
      authKey: vectorKey,
      userId: "1234567",
    });
  });

  test("reads what mtcute exports", async () => {
    expect(readSessionString(await mtcuteString())).toEqual({
      format: "mtcute",
      dataCentreId: 2,
      address,
      isTest: false,
      authKey: vectorKey,
      userId: null,
    });
  });

  test.each([
    ["blanks around it", `\n  ${telethonIpv4}\n`],
    ["line breaks in it", telethonIpv4.replaceAll(/.{64}/g, "$&\r\n  ")],
    ["double quotes around it", `"${telethonIpv4}"\n`],
    ["single quotes around it", ` '${telethonIpv4}'`],
    ["backquotes around it", `\`${telethonIpv4}\``],
  ])("passes over %s", (_, text) => {
    expect(readSessionString(text)).toMatchObject({ format: "telethon", authKey: vectorKey });
  });

  test.each([
    ["nothing", ""],
    ["a word", "hello"],
    ["a string that lost its end", telethonIpv4.slice(0, -9)],
    ["a string of mtcute that lost its end", writeSessionString("mtcute", complete).slice(0, -9)],
    ["a string of Pyrogram that lost its end", pyrogramVersion2.slice(0, -9)],
    ["one of Pyrogram that is as long as its second form", pyrogramVersion2.slice(0, -6)],
    ["one of the second form that is as long as the first", pyrogramVersion1Long.slice(0, -5)],
    ["a string of Pyrogram that lost its beginning", pyrogramVersion2.slice(8)],
    ["a string with one quote", `"${telethonIpv4}`],
    ["data centre 0", `1${Buffer.alloc(263).toString("base64")}`],
  ])("refuses %s, and quotes nothing of it", (_, text) => {
    const refusal = expect(() => readSessionString(text));
    refusal.toThrow(expect.objectContaining({ code: "SESSION_STRING_UNKNOWN" }));
    if (text !== "") refusal.not.toThrow(text.slice(0, 5));
  });
});

describe("writeSessionString()", () => {
  test.each(sessionFormats.map((format) => [format]))("writes for %s what is read again", (format) => {
    const read = readSessionString(writeSessionString(format, complete));
    expect(read).toMatchObject({ format, dataCentreId: 2, authKey: vectorKey });
  });

  test("writes what the libraries themselves write", async () => {
    const own = new Map<SessionFormat, string>([
      ["gramjs", await gramjsString()],
      ["telethon", telethonIpv4],
      ["pyrogram", pyrogramVersion2],
    ]);
    const ours = new Map(Array.from(own.keys(), (format) => [format, writeSessionString(format, complete)]));
    expect(ours).toEqual(own);
  });

  test("writes for mtcute what mtcute imports", async () => {
    const client = mtcute();
    await client.importSession(writeSessionString("mtcute", complete));
    expect(readSessionString(await client.exportSession())).toMatchObject({
      authKey: vectorKey,
      address,
      userId: "1234567",
    });
    await client.destroy();
  });

  test("refuses Telethon a host without an IPv4 address", () => {
    const named = { ...complete, address: { host: "localhost", port: 443 } };
    expect(() => writeSessionString("telethon", named)).toThrow(
      expect.objectContaining({ code: "SESSION_STRING_ADDRESS" }),
    );
  });
});

describe("refuseForeignString()", () => {
  const at = (host: string) => ({ ...complete, address: { host, port: 443 }, isTest: null });
  const own = { dataCentres: [{ id: 1, host: "127.0.0.1", port: 4430 }], publicKeys: [] };
  const passes = (session: Parameters<typeof refuseForeignString>[0], server?: typeof own) => {
    expect(() => refuseForeignString(session, server)).not.toThrow();
  };
  const refuses = (session: Parameters<typeof refuseForeignString>[0], server?: typeof own) => {
    expect(() => refuseForeignString(session, server)).toThrow(
      expect.objectContaining({ code: "SESSION_STRING_NETWORK" }),
    );
  };

  test("lets Telegram's own through, by address, by name, and unnamed", () => {
    for (const host of [
      "149.154.167.92",
      "91.108.56.130",
      "2001:67c:4e8:f002::a",
      "venus.web.telegram.org",
    ]) {
      passes(at(host));
    }
    passes({ ...complete, address: null });
  });

  test("refuses those of the test servers and of other servers", () => {
    refuses(at("149.154.167.40"));
    refuses({ ...complete, address: null, isTest: true });
    refuses(at("127.0.0.1"));
  });

  test("refuses Telegram's own where another server is configured, unless it names that address", () => {
    refuses(at("149.154.167.92"), own);
    passes(at("127.0.0.1"), own);
    passes({ ...complete, address: null }, own);
    passes(at("149.154.167.40"), { ...own, dataCentres: [{ id: 2, host: "149.154.167.40", port: 443 }] });
  });
});
