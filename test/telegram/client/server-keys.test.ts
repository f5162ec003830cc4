// GramJS's index has to be loaded before what is inside the package.
import "telegram";
import { describe, expect, test } from "bun:test";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { _serverKeys as knownKeys } from "telegram/crypto/RSA";
import { RsaKey } from "../../../runtime/emulator/crypto/rsa-key.ts";
import { acceptServerKeys } from "../../../runtime/telegram/server-keys.ts";

describe("acceptServerKeys()", () => {
  test("makes GramJS know a key under the server's own fingerprint", () => {
    const key = RsaKey.generate();
    acceptServerKeys([key.publicKeyPem]);
    const { n } = createPublicKey(key.publicKeyPem).export({ format: "jwk" });
    const known = knownKeys.get(key.fingerprint.toString());
    expect(known?.n.toString(16)).toBe(Buffer.from(n ?? "", "base64url").toString("hex"));
    expect(known?.e).toBe(65_537);
  });

  test("refuses what is no RSA key of 2048 bits", () => {
    const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
    for (const pem of ["nonsense", small.export({ type: "pkcs1", format: "pem" }).toString()]) {
      expect(() => acceptServerKeys([pem])).toThrow("Cannot read a key of telegram.server.publicKeys");
    }
  });
});
