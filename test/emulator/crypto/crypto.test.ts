import { describe, expect, test } from "bun:test";
import { constants, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from "node:crypto";
import { IGE } from "telegram/crypto/IGE.js";
import { createDhHalf } from "../../../runtime/emulator/crypto/diffie-hellman.ts";
import { sha1, sha256 } from "../../../runtime/emulator/crypto/hash.ts";
import { decryptIge, encryptIge } from "../../../runtime/emulator/crypto/ige.ts";
import { openMessage, sealMessage } from "../../../runtime/emulator/crypto/message-crypto.ts";
import { RsaKey } from "../../../runtime/emulator/crypto/rsa-key.ts";
import { openRsaPad, openSha1Padding } from "../../../runtime/emulator/crypto/rsa-padding.ts";

describe("AES-IGE", () => {
  const key = randomBytes(32);
  const iv = randomBytes(32);

  test.each([16, 32, 48, 1024, 65_536])("of %d bytes is that of npm telegram", (length) => {
    const plain = randomBytes(length);
    const encrypted = encryptIge(plain, key, iv);
    expect(Buffer.from(encrypted).equals(new IGE(key, iv).encryptIge(plain))).toBe(true);
    expect(Buffer.from(decryptIge(encrypted, key, iv)).equals(plain)).toBe(true);
  });

  test("leaves its input alone", () => {
    const plain = randomBytes(64);
    const before = Buffer.from(plain);
    encryptIge(plain, key, iv);
    decryptIge(plain, key, iv);
    expect(plain.equals(before)).toBe(true);
  });

  test.each([0, 15, 17])("refuses %d bytes", (length) => {
    expect(() => encryptIge(new Uint8Array(length), key, iv)).toThrow(RangeError);
    expect(() => decryptIge(new Uint8Array(length), key, iv)).toThrow(RangeError);
  });
});

describe("RsaKey", () => {
  const key = RsaKey.generate();

  test("survives being written as PEM", () => {
    const again = RsaKey.fromPem(key.toPem());
    expect(again.fingerprint).toBe(key.fingerprint);
    expect(again.publicKeyPem).toBe(key.publicKeyPem);
  });

  test("shows its public part as PKCS#1, as clients ship it", () => {
    expect(key.publicKeyPem).toStartWith("-----BEGIN RSA PUBLIC KEY-----");
  });

  test("refuses what is no RSA key of 2048 bits", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(() => RsaKey.fromPem(pem)).toThrow(RangeError);
  });

  test("opens RSA_PAD", () => {
    const data = randomBytes(192);
    expect(openRsaPad(key.decrypt(encryptBlock(key, rsaPad(data))))).toEqual(new Uint8Array(data));
  });

  test("finds no RSA_PAD in another block", () => {
    const block = randomBytes(256);
    expect(openRsaPad(block)).toBeNull();
  });

  test("opens the older padding", () => {
    const data = randomBytes(96);
    const block = Buffer.concat([Buffer.alloc(1), sha1(data), data, randomBytes(255 - 20 - 96)]);
    const opened = openSha1Padding(key.decrypt(encryptBlock(key, block)), () => 96);
    expect(Buffer.from(opened ?? []).equals(data)).toBe(true);
    expect(openSha1Padding(block, () => 92)).toBeNull();
  });
});

describe("createDhHalf()", () => {
  test("gives both sides the same key of 256 bytes", () => {
    const [a, b] = [createDhHalf(), createDhHalf()];
    expect(a.sharedKey(b.publicBytes)).toEqual(b.sharedKey(a.publicBytes));
    expect(a.sharedKey(b.publicBytes)).toHaveLength(256);
  });

  test.each([0, 1, 255])("refuses a part that is out of range (%d)", (byte) => {
    const part = new Uint8Array(256).fill(byte === 255 ? 255 : 0);
    part[255] = byte;
    expect(createDhHalf().sharedKey(part)).toBeNull();
  });
});

describe("sealMessage()", () => {
  const authKey = randomBytes(256);

  test("is opened by the same key and direction, with at least 12 bytes of padding", () => {
    for (const length of [32, 36, 40, 44, 1000]) {
      const message = randomBytes(length);
      const opened = openMessage(authKey, sealMessage(authKey, message, "to-client"), "to-client");
      expect(opened?.subarray(0, length)).toEqual(new Uint8Array(message));
      expect((opened?.length ?? 0) - length).toBeGreaterThanOrEqual(12);
    }
  });

  test("is not opened in the other direction, by another key, or when changed", () => {
    const sealed = sealMessage(authKey, randomBytes(64), "to-client");
    expect(openMessage(authKey, sealed, "to-server")).toBeNull();
    expect(openMessage(randomBytes(256), sealed, "to-client")).toBeNull();
    const changed = Uint8Array.from(sealed);
    changed[40] = (changed[40] ?? 0) ^ 1;
    expect(openMessage(authKey, changed, "to-client")).toBeNull();
  });

  test("is opened behind the bytes that the padded transport adds", () => {
    const sealed = sealMessage(authKey, randomBytes(64), "to-server");
    expect(openMessage(authKey, Buffer.concat([sealed, randomBytes(7)]), "to-server")).not.toBeNull();
  });
});

/** The client's side of RSA_PAD; repeated until the number is below the modulus, as the rule says. */
function rsaPad(data: Uint8Array): Uint8Array {
  for (;;) {
    const key = randomBytes(32);
    const reversed = Uint8Array.from(data).reverse();
    const encrypted = encryptIge(Buffer.concat([reversed, sha256(key, data)]), key, new Uint8Array(32));
    const mask = sha256(encrypted);
    const block = Buffer.concat([key.map((byte, i) => byte ^ (mask[i] ?? 0)), encrypted]);
    if ((block[0] ?? 255) < 0x80) return block;
  }
}

function encryptBlock(key: RsaKey, block: Uint8Array): Buffer {
  return publicEncrypt({ key: createPublicKey(key.publicKeyPem), padding: constants.RSA_NO_PADDING }, block);
}
