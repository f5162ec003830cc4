import { describe, expect, test } from "bun:test";
import { createRequire } from "node:module";
import { padAuthKeys } from "../../../runtime/telegram/cures/pad-auth-key.ts";
import { AuthKey } from "../../../runtime/telegram/gramjs.ts";

// A key agreed on that begins with a zero byte, as GramJS writes it: without that byte.
const short = Buffer.alloc(255, 7);
const whole = Buffer.concat([Buffer.alloc(1), short]);

describe("padAuthKeys()", () => {
  test("shows that GramJS by itself takes a shorter key for another one, and so fails the login", async () => {
    // Loaded once more, as whatever opened a connection in this process has cured the other.
    const load = createRequire(import.meta.url);
    const path = load.resolve("telegram/crypto/AuthKey");
    delete load.cache[path];
    const { AuthKey: Uncured }: { readonly AuthKey: typeof AuthKey } = load(path);
    const [theirs, servers] = [new Uncured(), new Uncured()];
    await theirs.setKey(short);
    await servers.setKey(whole);
    expect(theirs.keyId?.toString()).not.toBe(servers.keyId?.toString());
  });

  test("gives a key that begins with zeros its whole length, as the server has it", async () => {
    padAuthKeys();
    const ours = new AuthKey();
    await ours.setKey(short);
    const servers = new AuthKey();
    await servers.setKey(whole);
    expect(ours.getKey()).toEqual(whole);
    expect(ours.keyId?.toString()).toBe(servers.keyId?.toString());
    const copy = new AuthKey();
    await copy.setKey(ours);
    expect(copy.equals(ours)).toBe(true);
  });
});
