// GramJS's index has to be loaded before what is inside the package.
import "telegram";
import { describe, expect, test } from "bun:test";
import bigInt from "big-integer";
import { BinaryReader } from "telegram/extensions";
import { toSignedLittleBuffer } from "telegram/Helpers";
import { longBytes, nativeLong, QuickReader } from "../../../runtime/telegram/cures/quick-reader.ts";

const longs = [0n, 1n, -1n, 255n, -256n, 0x6500_0000_0000_0001n, 2n ** 63n - 1n, -(2n ** 63n)];

function bytesOf(long: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(long);
  return bytes;
}

describe("QuickReader.readLong() (G22)", () => {
  test("reads what GramJS reads, signed and unsigned", () => {
    for (const long of longs) {
      for (const signed of [true, false]) {
        const [quick, slow] = [new QuickReader(bytesOf(long)), new BinaryReader(bytesOf(long))];
        expect(quick.readLong(signed).toString()).toBe(slow.readLong(signed).toString());
        expect(quick.tellPosition()).toBe(8);
      }
    }
  });

  test("throws when there is no whole one left", () => {
    expect(() => new QuickReader(Buffer.alloc(7)).readLong()).toThrow(RangeError);
  });
});

describe("longBytes()", () => {
  test("writes what GramJS writes", () => {
    for (const long of longs) {
      const held = bigInt(long);
      expect(longBytes(held)).toEqual(toSignedLittleBuffer(held, 8));
      expect(nativeLong(held)).toBe(long);
    }
  });
});
