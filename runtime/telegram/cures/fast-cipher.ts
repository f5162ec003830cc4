import { createHash, randomBytes } from "node:crypto";
import { getWasmUrl, ige256Decrypt, ige256Encrypt, initSync } from "@mtcute/wasm";
import { authKeyIdOf } from "../auth-key-id.ts";
import { InvalidBufferError, type MTProtoSender, SecurityError, TLMessage } from "../gramjs.ts";
import { longBytes, nativeLong, QuickReader } from "./quick-reader.ts";
import { internalsOf } from "./sender-internals.ts";

/** Where in the key the bytes begin that a direction uses. Source: core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector. */
const fromClient = 0;
const fromServer = 8;
const envelopeBytes = 24;
const saltBytes = 8;
const sessionBytes = 8;
const rememberedMessages = 512;

initSync(await Bun.file(getWasmUrl()).bytes());

/**
 * Cures the cipher half of G21, and G17: GramJS decrypts in JavaScript, looks for repeated messages in a list of 500
 * strings, and does not look whether a message is of its own session. This does the same by WebAssembly and a set, and
 * refuses what is not of the session, as core.telegram.org/mtproto/security_guidelines asks.
 */
export function useFastCipher(sender: MTProtoSender): void {
  const state = internalsOf(sender)._state;
  const seen = new Set<bigint>();

  state.encryptMessageData = async (data) => {
    const authKey = keyOf(sender);
    const head = Buffer.concat([longBytes(state.salt), longBytes(state.id)]);
    const sizeBytes = head.length + data.length;
    // 12 to 27 random bytes up to the next whole block.
    const plain = Buffer.concat([head, data, randomBytes(12 + ((16 - ((sizeBytes + 12) % 16)) % 16))]);
    const messageKey = messageKeyOf(authKey, plain, fromClient);
    const { key, iv } = cipherOf(authKey, messageKey, fromClient);
    return Buffer.concat([keyIdOf(authKey), messageKey, ige256Encrypt(plain, key, iv)]);
  };

  state.decryptMessageData = async (body) => {
    if (body.length < 8) throw new InvalidBufferError(body);
    const authKey = keyOf(sender);
    if (!body.subarray(0, 8).equals(keyIdOf(authKey))) throw new SecurityError("Another key's message");
    if (body.length <= envelopeBytes || body.length % 16 !== 8) throw new SecurityError("No whole blocks");
    const messageKey = body.subarray(8, envelopeBytes);
    const { key, iv } = cipherOf(authKey, messageKey, fromServer);
    const plain = Buffer.from(ige256Decrypt(body.subarray(envelopeBytes), key, iv).buffer);
    if (!messageKey.equals(messageKeyOf(authKey, plain, fromServer)))
      throw new SecurityError("A forged message");

    // The salt before the session is the server's to check.
    if (plain.readBigInt64LE(saltBytes) !== nativeLong(state.id))
      throw new SecurityError("Another session's message");
    remember(seen, plain.readBigInt64LE(saltBytes + sessionBytes));
    const reader = new QuickReader(plain);
    reader.setPosition(saltBytes + sessionBytes);
    const messageId = reader.readLong();
    const sequence = reader.readInt();
    // The length of what follows: the reader stops where the object ends.
    reader.readInt();
    return new TLMessage(messageId, sequence, reader.tgReadObject());
  };
}

function keyOf(sender: MTProtoSender): Buffer {
  const key = sender.authKey.getKey();
  if (key === undefined) throw new SecurityError("No key yet");
  return key;
}

/** A key's id is asked for with each message, and a key is made once. */
const keyIds = new WeakMap<Buffer, Buffer>();

function keyIdOf(authKey: Buffer): Buffer {
  const known = keyIds.get(authKey);
  if (known !== undefined) return known;
  const keyId = authKeyIdOf(authKey);
  keyIds.set(authKey, keyId);
  return keyId;
}

function messageKeyOf(authKey: Buffer, plain: Buffer, direction: number): Buffer {
  const part = authKey.subarray(88 + direction, 120 + direction);
  return createHash("sha256").update(part).update(plain).digest().subarray(8, 24);
}

function cipherOf(authKey: Buffer, messageKey: Buffer, direction: number) {
  const first = authKey.subarray(direction, 36 + direction);
  const second = authKey.subarray(40 + direction, 76 + direction);
  const a = createHash("sha256").update(messageKey).update(first).digest();
  const b = createHash("sha256").update(second).update(messageKey).digest();
  return {
    key: Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)]),
    iv: Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)]),
  };
}

/** @throws {SecurityError} when the message was there before */
function remember(seen: Set<bigint>, messageId: bigint): void {
  if (seen.has(messageId)) throw new SecurityError("A repeated message");
  seen.add(messageId);
  if (seen.size <= rememberedMessages) return;
  for (const oldest of seen) {
    seen.delete(oldest);
    return;
  }
}
