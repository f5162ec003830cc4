import bigInt from "big-integer";

/** A TL `long` as GramJS holds it. */
export type Long = bigInt.BigInteger;

/** Makes a TL `long` of a decimal string or a safe integer. */
export function longOf(value: string | number): Long {
  return typeof value === "string" ? bigInt(value) : bigInt(value);
}

/** A signed 64-bit number from the system's random source, for `random_id` and file ids; never 0. */
export function randomLong(): Long {
  const [value = 1n] = crypto.getRandomValues(new BigInt64Array(1));
  return bigInt((value === 0n ? 1n : value).toString());
}
