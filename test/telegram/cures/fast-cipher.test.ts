// GramJS's index has to be loaded before what is inside the package.
import "telegram";
import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { AuthKey } from "telegram/crypto/AuthKey";
import { Logger, LogLevel } from "telegram/extensions/Logger";
import { MTProtoSender } from "telegram/network";
import { openMessage, sealMessage } from "../../../runtime/emulator/crypto/message-crypto.ts";
import { useFastCipher } from "../../../runtime/telegram/cures/fast-cipher.ts";
import { internalsOf } from "../../../runtime/telegram/cures/sender-internals.ts";

const keyBytes = Buffer.from(crypto.getRandomValues(new Uint8Array(256)));
const key = new AuthKey();
await key.setKey(keyBytes);
const keyId = new Bun.CryptoHasher("sha1").update(keyBytes).digest().subarray(12, 20);

function senderWith({ cure }: { readonly cure: boolean }) {
  const sender = new MTProtoSender(key, {
    ...MTProtoSender.DEFAULT_OPTIONS,
    logger: new Logger(LogLevel.NONE),
    dcId: 2,
    isMainSender: true,
    securityChecks: false,
    // Nothing is connected here, so nothing is asked of the client.
    client: {} as never,
    onConnectionBreak: () => undefined,
    _exportedSenderPromises: new Map(),
  });
  if (cure) useFastCipher(sender);
  return internalsOf(sender)._state;
}

type State = ReturnType<typeof senderWith>;

/** A `pong` as the server seals it. */
function sealedPong(sessionId: bigint, messageId: bigint): Buffer {
  const body = Buffer.alloc(20);
  body.writeUInt32LE(Api.Pong.CONSTRUCTOR_ID, 0);
  const head = Buffer.alloc(32);
  head.writeBigInt64LE(sessionId, 8);
  head.writeBigInt64LE(messageId, 16);
  head.writeInt32LE(1, 24);
  head.writeInt32LE(body.length, 28);
  return Buffer.concat([keyId, sealMessage(keyBytes, Buffer.concat([head, body]), "to-client")]);
}

const sessionOf = (state: State) => BigInt.asIntN(64, BigInt(state.id.toString()));
const serverMessageId = 0x6500_0000_0000_0001n;

describe("useFastCipher() (G17, G21)", () => {
  test("seals what the server opens", async () => {
    const state = senderWith({ cure: true });
    for (const sizeBytes of [4, 16, 17, 1000]) {
      const data = Buffer.from(crypto.getRandomValues(new Uint8Array(sizeBytes)));
      const sealed = await state.encryptMessageData(data);
      expect(sealed.subarray(0, 8).equals(keyId)).toBe(true);
      const opened = openMessage(keyBytes, sealed.subarray(8), "to-server");
      expect(opened?.slice(16, 16 + sizeBytes)).toEqual(new Uint8Array(data));
    }
  });

  test("opens what the server seals", async () => {
    const state = senderWith({ cure: true });
    const message = await state.decryptMessageData(sealedPong(sessionOf(state), serverMessageId));
    expect(message).toMatchObject({ obj: { className: "Pong" }, seqNo: 1 });
  });

  test("refuses a message of another session, which GramJS takes", async () => {
    const [theirs, ours] = [senderWith({ cure: false }), senderWith({ cure: true })];
    const message = sealedPong(1n, serverMessageId);
    expect(await theirs.decryptMessageData(message)).toMatchObject({ obj: { className: "Pong" } });
    await expect(ours.decryptMessageData(message)).rejects.toThrow("Another session's message");
  });

  test("refuses a message that was there before, which GramJS takes as its client sets it up", async () => {
    const [theirs, ours] = [senderWith({ cure: false }), senderWith({ cure: true })];
    const twice = async (state: State) => {
      const message = sealedPong(sessionOf(state), serverMessageId);
      await state.decryptMessageData(message);
      return state.decryptMessageData(message);
    };
    expect(await twice(theirs)).toMatchObject({ obj: { className: "Pong" } });
    await expect(twice(ours)).rejects.toThrow("A repeated message");
  });

  test("refuses a message in which a bit was turned", async () => {
    const state = senderWith({ cure: true });
    const message = sealedPong(sessionOf(state), serverMessageId);
    message.writeUInt8(message.readUInt8(40) ^ 1, 40);
    await expect(state.decryptMessageData(message)).rejects.toThrow("A forged message");
  });
});
