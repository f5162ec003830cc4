import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Api, type TelegramClient } from "telegram";
import { Raw } from "telegram/events/index.js";
import { ConnectionTCPObfuscated } from "telegram/network/index.js";
import { StringSession } from "telegram/sessions/index.js";
import { RsaKey } from "../../../runtime/emulator/crypto/rsa-key.ts";
import { RpcError } from "../../../runtime/emulator/methods/rpc.ts";
import {
  createMtprotoServer,
  type MtprotoServer,
  type MtprotoServerOptions,
} from "../../../runtime/emulator/mtproto/server.ts";
import { gramjsLayer } from "../../../runtime/emulator/tl/layers.ts";
import { gramjsClient } from "./gramjs.ts";
import { handlers, typing } from "./methods.ts";

const rsaKey = RsaKey.generate();
const nearestDc = () => new Api.help.GetNearestDc();
let server: MtprotoServer;
const clients = new Set<TelegramClient>();

beforeEach(() => {
  server = serverWith({});
});
afterEach(async () => {
  for (const client of clients) await client.destroy();
  clients.clear();
  await server.stop();
});

describe("MtprotoServer with npm telegram", () => {
  test("agrees on a key and answers calls", async () => {
    const client = await connected();
    expect((await client.invoke(nearestDc())).thisDc).toBe(1);
    expect(server.connections()).toMatchObject([
      { dcId: 1, transport: "full", layer: 198, takesUpdates: true },
    ]);
    expect(server.stats()).toMatchObject({ connectionsOpened: 1, rpcCalls: { "help.getConfig": 1 } });
  });

  test("speaks the obfuscated transport", async () => {
    const client = await connected({ connection: ConnectionTCPObfuscated });
    expect((await client.invoke(nearestDc())).thisDc).toBe(1);
    expect(server.connections()[0]?.transport).toBe("obfuscated abridged");
  });

  test("knows the key again on another connection", async () => {
    const first = await connected();
    const keyId = server.connections()[0]?.authKeyId;
    const { authKey } = first.session;
    await first.destroy();
    const session = new StringSession("");
    session.setAuthKey(authKey);
    const second = await connected({}, session);
    await second.invoke(nearestDc());
    expect(server.connections().map(({ authKeyId }) => authKeyId)).toEqual([keyId ?? ""]);
  });

  test("answers a hundred calls at once", async () => {
    const client = await connected();
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.invoke(nearestDc())));
    expect(new Set(answers.map(({ thisDc }) => thisDc))).toEqual(new Set([1]));
    expect(server.stats().rpcCalls["help.getNearestDc"]).toBe(100);
  });

  test("compresses a long answer, which the client reads", async () => {
    const users = Array.from({ length: 500 }, (_, i) => ({
      _: "user",
      id: BigInt(i),
      first_name: "Same name",
    }));
    await restart({ handlers: { ...handlers, "users.getUsers": () => users } });
    const client = await connected();
    const answer = await client.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
    expect(answer).toHaveLength(500);
  });

  test("pushes to the sessions of a key, save the one that is left out", async () => {
    const client = await connected();
    await client.getMe(true);
    const [connection] = server.connections();
    const pushed = updateOf(client, "UpdateUserTyping");
    expect(server.push.push(connection?.authKeyId ?? "", typing)).toBe(1);
    expect((await pushed).className).toBe("UpdateUserTyping");

    const exceptSessionId = connection?.sessionId ?? "";
    expect(server.push.push(connection?.authKeyId ?? "", typing, { exceptSessionId })).toBe(0);
    expect(server.push.push("0000000000000000", typing)).toBe(0);
    expect(server.stats().pushesWritten).toBe(1);
  });

  test("delivers a burst of pushes in full and in order", async () => {
    const client = await connected();
    await client.getMe(true);
    const seen: string[] = [];
    const burst = 500;
    const all = new Promise<void>((resolve) => {
      client.addEventHandler((update: { className: string; userId?: unknown }) => {
        if (update.className === "UpdateUserTyping") seen.push(String(update.userId));
        if (seen.length === burst) resolve();
      }, new Raw({}));
    });
    const keyId = server.connections()[0]?.authKeyId ?? "";
    const wanted = Array.from({ length: burst }, (_, i) => BigInt(i + 1));
    for (const userId of wanted) {
      const update = { _: "updateUserTyping", user_id: userId, action: { _: "sendMessageTypingAction" } };
      server.push.push(keyId, { _: "updateShort", date: 1, update });
    }
    await all;
    expect(seen).toEqual(wanted.map(String));
  });

  test("refuses and counts a method without a handler", async () => {
    const client = await connected();
    const call = client.invoke(new Api.help.GetAppUpdate({ source: "" }));
    const failure = await call.catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 400, errorMessage: "METHOD_INVALID" });
    expect(server.stats().unknownMethods).toEqual({ "help.getAppUpdate": 1 });
  });

  test("passes an RpcError on as it is", async () => {
    const refuse = () => Promise.reject(new RpcError(403, "CHAT_WRITE_FORBIDDEN"));
    await restart({ handlers: { ...handlers, "help.getNearestDc": refuse } });
    const client = await connected();
    const failure = await client.invoke(nearestDc()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 403, errorMessage: "CHAT_WRITE_FORBIDDEN" });
  });

  test("answers 500 and tells why when an answer does not fit the schema", async () => {
    const errors: string[] = [];
    await restart({
      handlers: { ...handlers, "help.getNearestDc": () => ({ _: "nearestDc", this_dc: 1, nearest_dc: 1 }) },
      onHandlerError: (method, error) => errors.push(`${method}: ${String(error)}`),
    });
    const client = await connected();
    const failure = await client.invoke(nearestDc()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 500, errorMessage: "INTERNAL" });
    expect(errors).toEqual(["help.getNearestDc: TlError: Cannot write nearestDc.country: it is missing"]);
  });

  test("answers by the intercepting error before the handler", async () => {
    await restart({
      intercept: (method) => (method === "help.getNearestDc" ? new RpcError(420, "FLOOD_WAIT_7") : undefined),
    });
    const client = await connected();
    const failure = await client.invoke(nearestDc()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 420, seconds: 7 });
  });

  test("runs a call that is repeated after its connection was cut", async () => {
    let cuts = 1;
    await restart({
      intercept: (method) => (method === "help.getNearestDc" && cuts-- > 0 ? "drop-connection" : undefined),
    });
    const client = await connected();
    expect((await client.invoke(nearestDc())).thisDc).toBe(1);
    expect(server.stats().connectionsOpened).toBe(2);
  });

  test("goes on after a new salt", async () => {
    const client = await connected();
    server.wire.replaceSalts(new Set([server.connections()[0]?.authKeyId ?? ""]));
    expect((await client.invoke(nearestDc())).thisDc).toBe(1);
  });

  test("tells of a connection that closed, and takes the client back", async () => {
    const closed = Promise.withResolvers<string | null>();
    await restart({ onConnectionClosed: ({ authKeyId }) => closed.resolve(authKeyId) });
    const client = await connected();
    const keyId = server.connections()[0]?.authKeyId ?? "";
    server.push.disconnect(keyId);
    expect(await closed.promise).toBe(keyId);
    expect((await client.invoke(nearestDc())).thisDc).toBe(1);
  });
});

describe("createMtprotoServer()", () => {
  test("leaves no listener open when one port is taken", () => {
    const taken = server.dataCentres[0]?.port ?? 0;
    const free = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const { port } = free;
    free.stop(true);
    const dataCentres = [
      { id: 1, port },
      { id: 2, port: taken },
    ];
    expect(() => serverWith({ dataCentres })).toThrow(/EADDRINUSE|in use|listen/);
    Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } }).stop(true);
  });

  test("refuses to start without a layer", () => {
    expect(() => serverWith({ layers: [] })).toThrow("no layer is given");
  });
});

function serverWith(options: Partial<MtprotoServerOptions>): MtprotoServer {
  const dataCentres = [1, 2].map((id) => ({ id, port: 0 }));
  return createMtprotoServer({ dataCentres, rsaKey, handlers, layers: [gramjsLayer], ...options });
}

async function restart(options: Partial<MtprotoServerOptions>): Promise<void> {
  await server.stop();
  server = serverWith(options);
}

async function connected(
  options: Parameters<typeof gramjsClient>[2] = {},
  session = new StringSession(""),
): Promise<TelegramClient> {
  const client = gramjsClient(server, session, options);
  clients.add(client);
  await client.connect();
  return client;
}

function updateOf(client: TelegramClient, className: string): Promise<{ readonly className: string }> {
  return new Promise((resolve) => {
    client.addEventHandler((update: { className: string }) => {
      if (update.className === className) resolve(update);
    }, new Raw({}));
  });
}
