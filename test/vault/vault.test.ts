import { describe, expect, test } from "bun:test";
import { hasCode, TelegraphistError } from "../../runtime/contract/index.ts";
import {
  createKey,
  createVault,
  formatKey,
  keyIdOf,
  parseKey,
  type Vault,
} from "../../runtime/vault/index.ts";

const plain = new TextEncoder().encode("an auth key");

function vaultOf(...keys: readonly ReturnType<typeof createKey>[]): Vault {
  return createVault({ keys, activeKeyId: keys[0]?.id ?? "none" });
}

function thrownBy(run: () => unknown): TelegraphistError {
  try {
    run();
  } catch (error) {
    if (error instanceof TelegraphistError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("Vault", () => {
  test("open() gives back what seal() was given, for any length", () => {
    const vault = vaultOf(createKey());
    for (const length of [0, 1, 256, 70_000]) {
      const bytes = new Uint8Array(length).fill(7);
      expect(vault.open(vault.seal(bytes, "place"), "place")).toEqual(bytes);
    }
  });

  test("close() overwrites its keys, and nothing opens after it", () => {
    const key = createKey();
    const vault = vaultOf(key);
    const sealed = vault.seal(plain, "place");
    vault.close();
    expect(key.key.every((byte) => byte === 0)).toBe(true);
    expect(thrownBy(() => vault.open(sealed, "place")).code).toBe("VAULT_CLOSED");
    expect(thrownBy(() => vault.seal(plain, "place")).code).toBe("VAULT_CLOSED");
  });

  test("seal() never gives the same bytes twice and hides the plain text", () => {
    const vault = vaultOf(createKey());
    const [first, second] = [vault.seal(plain, "place"), vault.seal(plain, "place")];
    expect(first.bytes).not.toEqual(second.bytes);
    expect(Buffer.from(first.bytes).includes(Buffer.from(plain))).toBe(false);
  });

  test("open() refuses bytes of which any single one was changed", () => {
    const vault = vaultOf(createKey());
    const sealed = vault.seal(plain, "place");
    for (let index = 0; index < sealed.bytes.length; index += 1) {
      const bytes = sealed.bytes.slice();
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      expect(thrownBy(() => vault.open({ ...sealed, bytes }, "place")).code).toBe("VAULT_CORRUPT");
    }
  });

  test("open() refuses bytes that were cut short", () => {
    const vault = vaultOf(createKey());
    const sealed = vault.seal(plain, "place");
    for (const length of [0, 1, 28, sealed.bytes.length - 1]) {
      const bytes = sealed.bytes.subarray(0, length);
      expect(thrownBy(() => vault.open({ ...sealed, bytes }, "place")).code).toBe("VAULT_CORRUPT");
    }
  });

  test("open() refuses bytes that stem from another place", () => {
    const vault = vaultOf(createKey());
    expect(thrownBy(() => vault.open(vault.seal(plain, "me/2"), "me/4")).code).toBe("VAULT_CORRUPT");
  });

  test("open() names the key that is missing, and no key itself", () => {
    const [right, wrong] = [createKey(), createKey()];
    const error = thrownBy(() => vaultOf(wrong).open(vaultOf(right).seal(plain, "place"), "place"));
    expect(error.code).toBe("VAULT_WRONG_KEY");
    expect(error.message).toContain(right.id);
    expect(error.message).not.toContain(formatKey(wrong));
    expect(error.data).toEqual({ keyId: right.id, knownKeyIds: [wrong.id] });
  });

  test("open() still reads what a former key sealed, and seal() uses the active one", () => {
    const [former, active] = [createKey(), createKey()];
    const sealed = vaultOf(former).seal(plain, "place");
    const rotated = vaultOf(active, former);
    expect(rotated.open(sealed, "place")).toEqual(plain);
    expect(rotated.seal(plain, "place").keyId).toBe(active.id);
  });

  test("createVault() refuses an active key that it was not given", () => {
    const error = thrownBy(() => createVault({ keys: [createKey()], activeKeyId: "0000000000000000" }));
    expect(error.code).toBe("VAULT_UNKNOWN_KEY");
  });

  test("createVault() refuses a key under the id of another", () => {
    const key = { ...createKey(), id: createKey().id };
    expect(thrownBy(() => vaultOf(key)).code).toBe("VAULT_INVALID_KEY");
  });
});

describe("parseKey()", () => {
  test("reads hex, base64, and its URL form as the same key", () => {
    const key = createKey();
    const base64 = formatKey(key);
    const forms = [
      base64,
      `  ${base64}\n`,
      base64.replaceAll("+", "-").replaceAll("/", "_").replace("=", ""),
      Buffer.from(key.key).toString("hex"),
    ];
    for (const form of forms) expect(parseKey(form)).toEqual(key);
  });

  test.each(["", "short", "zz".repeat(32), "A".repeat(42), `${"A".repeat(43)}==`])("refuses %j", (text) => {
    const error = thrownBy(() => parseKey(text));
    expect(hasCode(error, "VAULT_INVALID_KEY")).toBe(true);
    if (text !== "") expect(error.message).not.toContain(text);
  });

  test("gives an id that depends on the key alone", () => {
    const key = createKey();
    expect(key.id).toBe(keyIdOf(key.key));
    expect(key.id).toMatch(/^[0-9a-f]{16}$/);
    expect(createKey().id).not.toBe(key.id);
  });
});
