import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAccountName, parseUserId } from "../../runtime/contract/index.ts";
import { openStorage, type SessionRecord, type Storage } from "../../runtime/storage/index.ts";
import { createKey, createVault, type Vault } from "../../runtime/vault/index.ts";

export const me = parseAccountName("me");
export const other = parseAccountName("other");

/** A vault with a key of its own. */
export function newVault(): Vault {
  const key = createKey();
  return createVault({ keys: [key], activeKeyId: key.id });
}

/** A storage in memory. */
export function memoryStorage(now: () => number = () => 1000): Promise<Storage> {
  return openStorage({ path: ":memory:", vault: newVault(), now });
}

/** A folder that is gone with the test. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "telegraphist-storage-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export function sessionOf(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    account: me,
    userId: parseUserId("42"),
    mainDataCentreId: 2,
    authKeys: new Map([
      [2, new Uint8Array(256).fill(2)],
      [4, new Uint8Array(256).fill(4)],
    ]),
    state: "active",
    device: { model: "Laptop", systemVersion: "Linux", appVersion: "0.1.0" },
    createdAtMs: 100,
    lastUsedAtMs: 200,
    lastVerifiedAtMs: null,
    ...changes,
  };
}
