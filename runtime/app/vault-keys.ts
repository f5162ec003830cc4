import { TelegraphistError } from "../contract/index.ts";
import { systemClock } from "../scope/index.ts";
import {
  type HeldKeyFile,
  holdKeyFile,
  isKeyInEnvironment,
  keyVariable,
  LeaseKeeper,
  type LoadedKeys,
  passphraseOf,
  type ResealProgress,
  type SealedCheck,
  type SealedCount,
  type Storage,
  wholeDatabase,
} from "../storage/index.ts";
import { createKey, formatKey, type VaultOptions } from "../vault/index.ts";
import {
  loadAppKeys,
  openStorageToLook,
  type StoragePlace,
  type StorageShell,
  storagePaths,
} from "./open-app-storage.ts";
import { requireUsableKeys } from "./usable-keys.ts";

/** Where the keys come from, and what they have sealed. */
export interface KeyStatus {
  readonly source: LoadedKeys["source"];
  /** The variable's name, or the file's path. */
  readonly place: string;
  readonly activeKeyId: string;
  /** Rows by the key that has sealed them, the keys that seal nothing included. */
  readonly keys: readonly { readonly keyId: string; readonly isKnown: boolean; readonly rows: number }[];
}

/** What a rotation came to. */
export interface KeyRotation extends ResealProgress {
  readonly source: LoadedKeys["source"];
  readonly activeKeyId: string;
  readonly formerKeyIds: readonly string[];
}

/** @throws {TelegraphistError} what `loadOrCreateKey` and `openStorage` throw */
export async function keyStatus(place: StoragePlace, shell: StorageShell): Promise<KeyStatus> {
  const loaded = await loadAppKeys(place);
  const { activeKeyId, keys, source } = loaded;
  await using storage = await openStorageToLook(place, loaded, shell);
  const rows = new Map(keys.map(({ id }) => [id, 0]));
  for (const count of await storage.sealedRows.count()) {
    rows.set(count.keyId, (rows.get(count.keyId) ?? 0) + count.rows);
  }
  const isKnown = (keyId: string) => keys.some(({ id }) => id === keyId);
  return {
    source,
    place: source === "environment" ? keyVariable : storagePaths(place).keyFile,
    activeKeyId,
    keys: Array.from(rows, ([keyId, sealed]) => ({ keyId, isKnown: isKnown(keyId), rows: sealed })),
  };
}

/** Opens every sealed row. @throws {TelegraphistError} what `loadOrCreateKey` and `openStorage` throw */
export async function checkKeys(place: StoragePlace, shell: StorageShell): Promise<SealedCheck> {
  await using storage = await openStorageToLook(place, await loadAppKeys(place), shell);
  return await storage.sealedRows.check();
}

/**
 * Seals every row with a new key. The former stays beside it in the key file until the last row is done, so that the
 * database opens whenever this ends before; where several keys are there, the next call goes on with the first of them.
 *
 * @throws {TelegraphistError} `LEASE_HELD` while a program runs or uses a session, `VAULT_WRONG_KEY` when the key of a
 * row is missing, `VAULT_KEY_RETIRED` or `APP_KEY_ORDER` when the first is not the new one, `APP_KEY_IN_ENVIRONMENT` when
 * only the environment can be given a new one, what `holdKeyFile` throws; nothing is changed then
 */
export async function rotateKey(
  place: StoragePlace,
  shell: StorageShell,
  onProgress?: (progress: ResealProgress) => void,
): Promise<KeyRotation> {
  using file = await keyFileOf(place);
  const { activeKeyId, keys, source } = await keysForRotation(place);
  const passphrase = source === "file" ? null : passphraseOf(place.env);
  await using storage = await openStorageToLook(place, { keys, activeKeyId }, shell);
  await using _ = await takeDatabase(storage, shell);
  const rows = await storage.sealedRows.count();
  refuseUnknown(rows, keys);
  await requireUsableKeys(storage, { keys, activeKeyId });
  const formerKeyIds = keys.map(({ id }) => id).filter((id) => id !== activeKeyId);
  const sealing = formerKeyIds.filter((id) => rows.some(({ keyId }) => keyId === id));
  if (sealing.length === 0 && rows.length > 0) await refuseWrongOrder(storage, activeKeyId, formerKeyIds);
  // Before all else, also where nothing new is in it: a file that cannot be written must not stay behind the rows.
  await file?.replace(keys, passphrase);
  // Before the first row: a login that goes on meanwhile must not seal a session with a key that is about to go. One
  // that the environment has goes nowhere, and where it has sealed nothing it may be the next.
  await storage.sealedRows.retire(file === null ? sealing : formerKeyIds);
  const progress = await storage.sealedRows.reseal(onProgress);
  await file?.replace(keys.slice(0, 1), passphrase);
  return { ...progress, source, activeKeyId, formerKeyIds };
}

/**
 * Locks the key file with a passphrase, or opens it for good.
 *
 * @param passphrase the new one; `null` leaves the file open
 * @throws {TelegraphistError} `APP_KEY_IN_ENVIRONMENT`, what `holdKeyFile` and `loadOrCreateKey` throw
 */
export async function lockKeyFile(place: StoragePlace, passphrase: string | null): Promise<void> {
  using file = await keyFileOf(place);
  if (file === null) {
    throw keyInEnvironment("Cannot lock the key file", `the key is in ${keyVariable}, take that away first`);
  }
  const { keys } = await loadAppKeys(place);
  await file.replace(keys, passphrase);
}

/** A key as `TELEGRAPHIST_KEY` takes it. */
export function newKey(): string {
  return formatKey(createKey());
}

/** Held before it is read; `null` when the environment has the keys. */
async function keyFileOf(place: StoragePlace): Promise<HeldKeyFile | null> {
  return isKeyInEnvironment(place.env) ? null : await holdKeyFile(storagePaths(place).keyFile);
}

/** The first of them is new, unless several are there: then a rotation goes on, or the environment has been given one. */
async function keysForRotation(place: StoragePlace): Promise<LoadedKeys> {
  const loaded = await loadAppKeys(place);
  if (loaded.keys.length > 1) return loaded;
  if (loaded.source === "environment") {
    const advice = `put a new key before the old one in ${keyVariable}, apart by a space, and do this again`;
    throw keyInEnvironment("Cannot rotate the key", `${advice}; "telegraphist key new" makes one`);
  }
  const key = createKey();
  return { ...loaded, activeKeyId: key.id, keys: [key, ...loaded.keys] };
}

function refuseUnknown(rows: readonly SealedCount[], keys: VaultOptions["keys"]): void {
  const unknown = rows.find(({ keyId }) => keys.every(({ id }) => id !== keyId));
  if (unknown === undefined) return;
  throw new TelegraphistError({
    code: "VAULT_WRONG_KEY",
    category: "AUTH",
    message:
      `Cannot rotate the key as ${unknown.rows} row(s) of "${unknown.table}" are sealed with key "${unknown.keyId}": ` +
      `give that key too, behind the first in the key file or ${keyVariable}; nothing was changed`,
    data: { keyId: unknown.keyId, table: unknown.table },
  });
}

/** For a key that has sealed every row: what a rotation to it has left, unless it is the former one. */
async function refuseWrongOrder(
  { sealedRows }: Storage,
  keyId: string,
  otherKeyIds: readonly string[],
): Promise<void> {
  const retired = await sealedRows.retired();
  if (otherKeyIds.some((id) => retired.includes(id))) return;
  const others = otherKeyIds.map((id) => `"${id}"`).join(", ");
  throw new TelegraphistError({
    code: "APP_KEY_ORDER",
    category: "CONFIG",
    message:
      `Cannot rotate to key "${keyId}" as it seals every row already, and key ${others} none: ` +
      `put the new key first in the key file or ${keyVariable}, or take the others out; nothing was changed`,
    data: { keyId, otherKeyIds },
  });
}

/** Nobody runs meanwhile, nor uses a session: who has the former key alone could seal nothing any more. */
async function takeDatabase(
  { sessionLeases: leases }: Storage,
  { logger }: StorageShell,
): Promise<AsyncDisposable> {
  const keeper = new LeaseKeeper({ leases, logger, clock: systemClock });
  await refuseWhileUsed(leases);
  const hold = await keeper.take(wholeDatabase, { signal: new AbortController().signal });
  await using made = new AsyncDisposableStack();
  made.defer(() => hold.release());
  // One that was taken in between.
  await refuseWhileUsed(leases);
  return made.move();
}

async function refuseWhileUsed(leases: Storage["sessionLeases"]): Promise<void> {
  const lease = (await leases.list()).find(({ owner }) => owner.id !== leases.ownerId);
  if (lease === undefined) return;
  const { owner, subject } = lease;
  const use = subject === wholeDatabase ? "runs on the database" : `uses the session of "${subject}"`;
  throw new TelegraphistError({
    code: "LEASE_HELD",
    category: "STORAGE",
    retryable: true,
    message: `Cannot rotate the key while process ${owner.pid} on "${owner.host}" ${use}: stop it first`,
    data: { subject, host: owner.host, pid: owner.pid },
  });
}

function keyInEnvironment(action: string, advice: string): TelegraphistError {
  return new TelegraphistError({
    code: "APP_KEY_IN_ENVIRONMENT",
    category: "CONFIG",
    message: `${action}: ${advice}`,
  });
}
