export type { VaultKey } from "./key.ts";
export { createKey, formatKey, keyIdOf, parseKey } from "./key.ts";
export { isLocked, lockText, unlockText } from "./passphrase.ts";
export type { SealedBytes, Vault, VaultOptions } from "./vault.ts";
export { createVault } from "./vault.ts";
