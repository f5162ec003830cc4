import { type ErrorCategory, TelegraphistError } from "../contract/index.ts";

interface Kind {
  readonly code: string;
  readonly category: ErrorCategory;
  readonly state: string;
  readonly retryable?: boolean;
}

const corrupt: Kind = {
  code: "STORAGE_CORRUPT",
  category: "STORAGE",
  state: "the file is damaged or is no SQLite database; restore a backup or move the file away",
};
const locked: Kind = {
  code: "STORAGE_LOCKED",
  category: "STORAGE",
  state: "another process holds it; is Telegraphist running twice?",
  retryable: true,
};
const full: Kind = {
  code: "STORAGE_FULL",
  category: "STORAGE",
  state: "the disk is full; free some space, nothing was half written",
  retryable: true,
};
const unreadable: Kind = {
  code: "STORAGE_UNREADABLE",
  category: "STORAGE",
  state: "the file or its folder cannot be read and written; check the path, owner, and mode",
};
const leaseLost: Kind = {
  code: "LEASE_LOST",
  category: "STORAGE",
  state: "another program has taken it over; this one must not use it any more",
  retryable: true,
};
const keyRetired: Kind = {
  code: "VAULT_KEY_RETIRED",
  category: "CONFIG",
  state: "its key was rotated out; start the program anew with the new key",
};
const failed: Kind = { code: "STORAGE_FAILED", category: "INTERNAL", state: "SQLite refused it" };

/** By the start of SQLite's result code (sqlite.org/rescode.html), of the system's error, or of what a guard says. */
const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/^LEASE_LOST/, leaseLost],
  [/^VAULT_KEY_RETIRED/, keyRetired],
  [/^SQLITE_(CORRUPT|NOTADB)/, corrupt],
  [/^SQLITE_(BUSY|LOCKED|PROTOCOL)/, locked],
  // The index of the log grows by a page of its own.
  [/^(SQLITE_FULL|SQLITE_IOERR_(WRITE|SHMSIZE)|ENOSPC|EDQUOT)/, full],
  [
    /^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH|IOERR)|EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR|EEXIST|ELOOP)/,
    unreadable,
  ],
];

/**
 * Names what SQLite or the file system threw. The message holds no SQL and no values: Drizzle's own errors quote both,
 * so they do not become the cause either.
 *
 * @param action what could not be done, `Cannot open database`
 */
export function storageError(action: string, thrown: unknown): TelegraphistError {
  if (thrown instanceof TelegraphistError) return thrown;
  const { code, cause } = sourceOf(thrown);
  const kind = kinds.find(([pattern]) => pattern.test(code))?.[1] ?? failed;
  return new TelegraphistError({
    code: kind.code,
    category: kind.category,
    message: code === kind.code ? `${action}: ${kind.state}` : `${action}: ${kind.state} (${code})`,
    retryable: kind.retryable ?? false,
    data: { reason: code },
    cause,
  });
}

/** The innermost error that has a code of its own. */
function sourceOf(thrown: unknown): { readonly code: string; readonly cause: unknown } {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (!("code" in error) || typeof error.code !== "string") continue;
    // The message of a trigger is the guard's own word.
    const code = error.code === "SQLITE_CONSTRAINT_TRIGGER" ? error.message : error.code;
    return { code, cause: error };
  }
  return { code: thrown instanceof Error ? thrown.name : "UNKNOWN", cause: undefined };
}
