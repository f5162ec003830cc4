/** A byte string as TL writes it: its length in 1 or 4 bytes, the bytes, and zeros up to a multiple of 4. */
export function tlBytes(bytes: Uint8Array): Buffer {
  const headBytes = bytes.length < 254 ? 1 : 4;
  const written = Buffer.alloc(Math.ceil((headBytes + bytes.length) / 4) * 4);
  if (headBytes === 1) written[0] = bytes.length;
  else written.writeUInt32LE(((bytes.length << 8) | 0xfe) >>> 0, 0);
  written.set(bytes, headBytes);
  return written;
}
