import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { StringSession } from "telegram/sessions/index.js";
import { RsaKey } from "../../../runtime/emulator/crypto/rsa-key.ts";
import type { RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import { packContainer, zippedIfShorter } from "../../../runtime/emulator/mtproto/packing.ts";
import { createMtprotoServer, type MtprotoServer } from "../../../runtime/emulator/mtproto/server.ts";
import { serviceSchema } from "../../../runtime/emulator/mtproto/service-schema.ts";
import { TlCodec } from "../../../runtime/emulator/tl/codec.ts";
import { gramjsLayer } from "../../../runtime/emulator/tl/layers.ts";
import { TlReader } from "../../../runtime/emulator/tl/tl-reader.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { gramjsClient } from "./gramjs.ts";
import { handlers, typing } from "./methods.ts";
import { freshId, freshSessionId, idAt, RawClient, type Received } from "./raw-client.ts";

const codec = new TlCodec(gramjsLayer.schema, serviceSchema);
const nearestDc: TlObject = { _: "help.getNearestDc" };
const rpcResultId = 0xf35c6d01;

let server: MtprotoServer;
let key: Uint8Array;
let keyId: string;
let client: RawClient;
const slow = { started: 0, release: Promise.withResolvers<void>() };

beforeAll(async () => {
  const methods: RpcHandlers = {
    ...handlers,
    "help.getCountriesList": async () => {
      slow.started += 1;
      await slow.release.promise;
      return { _: "help.countriesListNotModified" };
    },
  };
  server = createMtprotoServer({
    dataCentres: [
      { id: 1, port: 0 },
      { id: 2, port: 0 },
    ],
    rsaKey: RsaKey.generate(),
    handlers: methods,
    layers: [gramjsLayer],
  });
  const gramjs = gramjsClient(server, new StringSession(""));
  await gramjs.connect();
  key = gramjs.session.authKey?.getKey() ?? new Uint8Array();
  keyId = server.connections()[0]?.authKeyId ?? "";
  await gramjs.destroy();
});
afterAll(() => server.stop());

beforeEach(async () => {
  slow.started = 0;
  slow.release = Promise.withResolvers();
  client = await connectedTo(1);
});
afterEach(() => client[Symbol.asyncDispose]());

describe("the salt", () => {
  test("of a client that has none is told, and then taken", async () => {
    const stranger = await connectedTo(1, 0n);
    const refused = stranger.send({ body: codec.encodeCall(nearestDc) });
    const notice = await nextObject(stranger, "bad_server_salt");
    expect(notice).toMatchObject({ bad_msg_id: refused, error_code: 48, new_server_salt: client.salt });
    await stranger[Symbol.asyncDispose]();
  });

  test("of the coming hours is told on request", async () => {
    client.send({ body: codec.encodeCall({ _: "get_future_salts", num: 3 }) });
    const { salts } = await nextObject(client, "future_salts");
    expect(salts).toHaveLength(3);
    expect(salts).toMatchObject([{ salt: client.salt }, {}, {}]);
  });
});

describe("messages from the server", () => {
  test("have rising ids that tell answers, and sequence numbers that count content", async () => {
    client.sessionId = freshSessionId();
    const calls = [
      client.send({ body: codec.encodeCall(nearestDc) }),
      client.send({ body: codec.encodeCall(nearestDc) }),
    ];
    const messages = [await client.next(), await client.next(), await client.next()];
    expect(messages.map(({ id }) => id & 3n)).toEqual([3n, 1n, 1n]);
    expect(messages.map(({ sequence }) => sequence)).toEqual([1, 3, 5]);
    expect(messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id).toSorted());
    expect(messages.slice(1).map(requestIdOf)).toEqual(calls);
  });

  test("begin with new_session_created, once a session", async () => {
    client.sessionId = freshSessionId();
    const first = client.send({ body: codec.encodeCall(nearestDc) });
    expect(await nextObject(client, "new_session_created")).toMatchObject({ first_msg_id: first });
    await client.next();
    const second = client.send({ body: codec.encodeCall(nearestDc) });
    expect(requestIdOf(await client.next())).toBe(second);
  });
});

describe("a call", () => {
  test("that comes twice runs once and is answered twice", async () => {
    const before = callsOf("help.getNearestDc");
    const id = client.send({ body: codec.encodeCall(nearestDc) });
    const first = await nextResult(client);
    client.send({ id, body: codec.encodeCall(nearestDc) });
    const second = await nextResult(client);
    expect(second.body).toEqual(first.body);
    expect(callsOf("help.getNearestDc")).toBe(before + 1);
  });

  test("is answered when it comes gzipped in a container", async () => {
    const body = zippedIfShorter(codec.encodeCall({ ...nearestCalls(200) }));
    expect(body.length).toBeLessThan(400);
    const inner = freshId();
    client.send({ sequence: 2, body: packContainer([{ id: inner, sequence: 1, body }]) });
    expect(requestIdOf(await nextResult(client))).toBe(inner);
  });

  test("that takes long is acknowledged before its answer", async () => {
    const id = client.send({ body: codec.encodeCall(slowCall) });
    expect((await nextObject(client, "msgs_ack")).msg_ids).toEqual([id]);
    slow.release.resolve();
    expect(requestIdOf(await nextResult(client))).toBe(id);
  });

  test("after another waits for it", async () => {
    const first = client.send({ body: codec.encodeCall(slowCall) });
    const after = { _: "invokeAfterMsg", msg_id: first, query: nearestDc };
    const second = client.send({ sequence: 3, body: codec.encodeCall(after) });
    await nextObject(client, "msgs_ack");
    slow.release.resolve();
    expect([requestIdOf(await nextResult(client)), requestIdOf(await nextResult(client))]).toEqual([
      first,
      second,
    ]);
  });

  test("whose answer is dropped has none", async () => {
    const id = client.send({ body: codec.encodeCall(slowCall) });
    await nextObject(client, "msgs_ack");
    client.send({ sequence: 3, body: codec.encodeCall({ _: "rpc_drop_answer", req_msg_id: id }) });
    expect(codec.decode((await nextResult(client)).body.subarray(12))._).toBe("rpc_answer_dropped_running");
    slow.release.resolve();
    const next = client.send({ sequence: 5, body: codec.encodeCall(nearestDc) });
    expect(requestIdOf(await nextResult(client))).toBe(next);
  });

  test("that no schema has is refused and counted", async () => {
    client.send({ body: Uint8Array.of(0xef, 0xbe, 0xad, 0xde) });
    const error = codec.decode((await nextResult(client)).body.subarray(12));
    expect(error).toEqual({ _: "rpc_error", error_code: 400, error_message: "INPUT_METHOD_INVALID" });
    expect(server.stats().unknownMethods["#deadbeef"]).toBe(1);
  });

  test("without updates leaves the session without pushes, another gives it them", async () => {
    client.send({ body: codec.encodeCall({ _: "invokeWithoutUpdates", query: nearestDc }) });
    await nextResult(client);
    expect(server.push.push(keyId, typing)).toBe(0);
    client.send({ body: codec.encodeCall(nearestDc) });
    await nextResult(client);
    expect(server.push.push(keyId, typing)).toBe(1);
    expect((await nextObject(client, "updateShort")).date).toBe(1);
  });

  test("with a layer and a device names both to the method", async () => {
    const init = {
      _: "initConnection",
      api_id: 9,
      device_model: "desk",
      system_version: "1",
      app_version: "2",
      system_lang_code: "en",
      lang_pack: "",
      lang_code: "en",
      query: nearestDc,
    };
    client.send({ body: codec.encodeCall({ _: "invokeWithLayer", layer: 198, query: init }) });
    await nextResult(client);
    expect(server.connections().at(-1)?.layer).toBe(198);
  });
});

describe("a message id", () => {
  test.each([
    ["too old", () => idAt(Date.now() - 400_000), 16],
    ["too new", () => idAt(Date.now() + 60_000), 17],
    ["not divisible by 4", () => freshId() | 1n, 18],
  ])("that is %s is refused", async (_, make, code) => {
    const id = client.send({ id: make(), body: codec.encodeCall(nearestDc) });
    expect(await nextObject(client, "bad_msg_notification")).toMatchObject({
      bad_msg_id: id,
      error_code: code,
    });
  });
});

describe("service messages", () => {
  test("ping is answered by pong", async () => {
    const id = client.send({ body: codec.encodeCall({ _: "ping", ping_id: 5n }) });
    expect(await nextObject(client, "pong")).toEqual({ _: "pong", msg_id: id, ping_id: 5n });
  });

  test("ping_delay_disconnect closes the connection when no other follows", async () => {
    client.send({ body: codec.encodeCall({ _: "ping_delay_disconnect", ping_id: 5n, disconnect_delay: 0 }) });
    await client.closed;
  });

  test("msgs_state_req tells known messages from unknown", async () => {
    const known = client.send({ body: codec.encodeCall(nearestDc) });
    await nextResult(client);
    client.send({ sequence: 3, body: codec.encode({ _: "msgs_state_req", msg_ids: [known, 4n] }) });
    expect((await nextObject(client, "msgs_state_info")).info).toEqual(Uint8Array.of(4, 1));
  });

  test("destroy_session ends another session, not its own or an unknown one", async () => {
    const other = client.sessionId;
    client.send({ body: codec.encodeCall(nearestDc) });
    await nextResult(client);
    client.sessionId = freshSessionId();
    const destroy = async (sessionId: bigint) => {
      client.send({ body: codec.encodeCall({ _: "destroy_session", session_id: sessionId }) });
      return nextOf(client, (object) => object._.startsWith("destroy_session"));
    };
    expect((await destroy(other))._).toBe("destroy_session_ok");
    expect((await destroy(other))._).toBe("destroy_session_none");
    expect((await destroy(client.sessionId))._).toBe("destroy_session_none");
  });
});

describe("the transport error -404", () => {
  test("answers a key of another data centre", async () => {
    const stray = await connectedTo(2);
    stray.send({ body: codec.encodeCall(nearestDc) });
    await stray.closed;
    expect(stray.refusal).toBe(-404);
  });

  test("answers a packet that was changed on its way", async () => {
    client.send({ body: codec.encodeCall(nearestDc) }, true);
    await client.closed;
    expect(client.refusal).toBe(-404);
  });

  test("answers a key that was destroyed", async () => {
    const doomed = gramjsClient(server, new StringSession(""));
    await doomed.connect();
    const doomedId = server.connections().find(({ authKeyId }) => authKeyId !== keyId)?.authKeyId ?? "";
    const doomedKey = doomed.session.authKey?.getKey() ?? new Uint8Array();
    await doomed.destroy();
    server.push.destroyKey(doomedId);
    const late = new RawClient(doomedKey, doomedId, 0n);
    await late.connect(server.dataCentres[0]?.port ?? 0);
    late.send({ body: codec.encodeCall(nearestDc) });
    await late.closed;
    expect(late.refusal).toBe(-404);
  });
});

const slowCall: TlObject = { _: "help.getCountriesList", lang_code: "en", hash: 0 };

/** A long call that compresses well. */
function nearestCalls(depth: number): TlObject {
  let call = nearestDc;
  for (let i = 0; i < depth; i++) call = { _: "invokeAfterMsgs", msg_ids: [], query: call };
  return call;
}

async function connectedTo(dcId: number, salt?: bigint): Promise<RawClient> {
  const raw = new RawClient(key, keyId, salt ?? 0n);
  await raw.connect(server.dataCentres.find(({ id }) => id === dcId)?.port ?? 0);
  if (salt === undefined && dcId === 1) {
    raw.send({ body: codec.encodeCall({ _: "ping", ping_id: 1n }) });
    const { new_server_salt } = await nextObject(raw, "bad_server_salt");
    if (typeof new_server_salt === "bigint") raw.salt = new_server_salt;
  }
  return raw;
}

function callsOf(method: string): number {
  return server.stats().rpcCalls[method] ?? 0;
}

async function nextResult(from: RawClient): Promise<Received> {
  for (;;) {
    const message = await from.next();
    if (new TlReader(message.body).uint32() === rpcResultId) return message;
  }
}

function requestIdOf({ body }: Received): bigint {
  return new TlReader(body.subarray(4)).long();
}

function nextObject(from: RawClient, name: string): Promise<TlObject> {
  return nextOf(from, (object) => object._ === name);
}

async function nextOf(from: RawClient, isWanted: (object: TlObject) => boolean): Promise<TlObject> {
  for (;;) {
    const { body } = await from.next();
    if (new TlReader(body).uint32() === rpcResultId) continue;
    const object = codec.decode(body);
    if (isWanted(object)) return object;
  }
}
