/** SHA-1 of the parts, one after another. */
export function sha1(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = new Bun.SHA1();
  for (const part of parts) hasher.update(part);
  const digest = new Uint8Array(20);
  hasher.digest(digest);
  return digest;
}

/** SHA-256 of the parts, one after another. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = new Bun.SHA256();
  for (const part of parts) hasher.update(part);
  const digest = new Uint8Array(32);
  hasher.digest(digest);
  return digest;
}
