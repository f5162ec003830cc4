import { describe, expect, test } from "bun:test";
import { isLocked, lockText, unlockText } from "../../runtime/vault/index.ts";

const passphrase = "four words on a shelf";

describe("lockText()", () => {
  test("is undone by the same passphrase, however its letters are composed", async () => {
    const locked = await lockText("a key\nand another", "caf\u00e9 noir and more");
    expect(isLocked(`${locked}\n`)).toBe(true);
    expect(await unlockText(`${locked}\n`, "cafe\u0301 noir and more")).toBe("a key\nand another");
  });

  test("keeps salt and cost in the text, the text itself not, and no salt twice", async () => {
    const [one, two] = await Promise.all([lockText("a key", passphrase), lockText("a key", passphrase)]);
    expect(one).toStartWith("$telegraphist-key$v=1$argon2id$m=65536,t=3,p=4$");
    expect(one).not.toContain(Buffer.from("a key").toString("base64"));
    expect(one.split("$")[5]).not.toBe(two.split("$")[5]);
  });
});

describe("unlockText()", () => {
  test.each([
    ["another passphrase", (locked: string) => locked, "four words on a shell"],
    ["a changed cost", (locked: string) => locked.replace("t=3", "t=2"), passphrase],
    ["changed bytes", (locked: string) => `${locked.slice(0, -6)}AAAAA=`, passphrase],
    ["a cost that nobody pays", (locked: string) => locked.replace("m=65536", "m=9999999"), passphrase],
    ["something else", () => "a key", passphrase],
  ])("refuses %s, and repeats nothing of it", async (_, change, given) => {
    const refused = unlockText(change(await lockText("a key", passphrase)), given);
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "VAULT_WRONG_PASSPHRASE" });
    expect(String(error)).not.toContain(given);
  });
});
