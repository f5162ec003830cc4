/** `base` to the power of `exponent`, modulo `modulus`, by squaring. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** A big-endian number; 0 for no bytes. */
export function bigIntOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
}

/** A number below 2^2048 as 256 bytes, big-endian. */
export function bytes256Of(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(512, "0"), "hex"));
}
