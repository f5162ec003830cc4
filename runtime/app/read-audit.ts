import { existsSync } from "node:fs";
import type { Logger } from "../../telemetry/index.ts";
import type { AuditFilter, AuditRow } from "../storage/index.ts";
import { loadAppKeys, openStorageToLook, type StoragePlace, storagePaths } from "./open-app-storage.ts";

/**
 * What plugins did and were refused, the newest first, whether the program runs or not; nothing where it never ran.
 *
 * @throws {TelegraphistError} what `loadOrCreateKey` and `openStorage` throw
 */
export async function readAudit(
  place: StoragePlace,
  filter: AuditFilter,
  options: { readonly logger: Logger; readonly now: () => number },
): Promise<readonly AuditRow[]> {
  if (!existsSync(storagePaths(place).database)) return [];
  await using storage = await openStorageToLook(place, await loadAppKeys(place), options);
  return await storage.audit.list(filter);
}
