import { Database as Connection } from "bun:sqlite";
import { type BunSQLiteDatabase, drizzle } from "drizzle-orm/bun-sqlite";
import { attributeNames, instruments, type Logger, span, spanNames } from "../../telemetry/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import { prepareDatabaseFile } from "./database-file.ts";
import { LockWait } from "./lock-wait.ts";
import { migrate, migrations } from "./migrations.ts";
import { accounts, authKeyRelations, authKeys, sessionRelations, sessions } from "./schema/accounts.ts";
import { contactRelations, contacts, peers } from "./schema/peers.ts";
import { storageError } from "./storage-error.ts";
import { guardWrites } from "./write-guards.ts";

const schema = {
  accounts,
  sessions,
  authKeys,
  peers,
  contacts,
  sessionRelations,
  authKeyRelations,
  contactRelations,
};

/** What a repository queries; inside a transaction, the transaction. */
export type Queries = Omit<BunSQLiteDatabase<typeof schema>, "$client" | "$with" | "batch">;

export interface DatabaseOptions {
  /** A file, made with its folder when it is not there, or `:memory:`. */
  readonly path: string;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Gets the names of slow operations. */
  readonly logger?: Logger | undefined;
  /** How long an operation waits for another process's lock. @default 2000 */
  readonly busyTimeoutMs?: number | undefined;
  /** From where on an operation is slow; the default is that of `config/thresholds`. @default 100 */
  readonly slowOperationMs?: number;
}

/** One connection; each operation is a span, a measurement, and throws nothing but `TelegraphistError`. */
export interface Database {
  readonly connection: Connection;
  /** Why the last write did not come about, as a code, while that is news: the disk is full, or another holds the lock. */
  readonly trouble: string | undefined;
  /**
   * For one statement, or for statements that only read.
   *
   * @param operation `repository.verb`, the only thing that telemetry learns of it
   */
  run<T>(operation: string, work: (queries: Queries) => T): Promise<T>;
  /** The same for statements that write, all or nothing, and in the order of the calls. */
  transact<T>(operation: string, work: (queries: Queries) => T): Promise<T>;
  /** A second call does nothing. @throws {TelegraphistError} as operations do; the database is closed all the same */
  close(): void;
}

/** Longer than whoever must write lets pass before another try, so that trouble that lasts is told without a gap. */
const troubleIsNewsMs = 60_000;

/**
 * Opens and migrates a database.
 *
 * @throws {TelegraphistError} `STORAGE_CORRUPT`, `STORAGE_LOCKED`, `STORAGE_FULL`, `STORAGE_UNREADABLE`,
 * `STORAGE_SHARED`, `STORAGE_NEWER_SCHEMA`, `STORAGE_FOREIGN`, or `LEASE_HELD` as `migrate` throws it
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { path, logger, now, busyTimeoutMs = 2000, slowOperationMs = 100 } = options;
  try {
    if (path !== ":memory:") await prepareDatabaseFile(path);
    return wrap(connect(path, busyTimeoutMs, now), { busyTimeoutMs, slowOperationMs, logger });
  } catch (error) {
    throw storageError(`Cannot open database "${path}"`, error);
  }
}

function connect(path: string, busyTimeoutMs: number, now?: () => number): Connection {
  const connection = new Connection(path, { readwrite: true, create: true, strict: true });
  try {
    connection.run(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    // NORMAL would lose the last transactions in a power cut: a new session's keys, an answer that was already sent.
    connection.run("PRAGMA synchronous = FULL");
    // The first look: another program's database keeps its journal mode.
    migrate(connection, migrations, now);
    connection.run("PRAGMA journal_mode = WAL");
    connection.run("PRAGMA foreign_keys = ON");
    guardWrites(connection);
    // From here on `LockWait` waits.
    connection.run("PRAGMA busy_timeout = 0");
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

interface WrapOptions {
  readonly busyTimeoutMs: number;
  readonly slowOperationMs: number;
  readonly logger: Logger | undefined;
}

function wrap(connection: Connection, { busyTimeoutMs, slowOperationMs, logger }: WrapOptions): Database {
  const orm = drizzle(connection, { schema });
  const lockWait = new LockWait(busyTimeoutMs);
  let isClosed = false;
  let trouble: { readonly code: string; readonly atMs: number } | null = null;

  /** What SQLite throws, by our names. */
  function attempt<T>(operation: string, work: () => T): T {
    if (isClosed) throw closed(operation);
    try {
      return work();
    } catch (error) {
      throw storageError(`Cannot do "${operation}" in the database`, error);
    }
  }

  function measured<T>(operation: string, work: () => Promise<T>): Promise<T> {
    const attributes = { [attributeNames.dbSystem]: "sqlite", [attributeNames.dbOperation]: operation };
    return span(spanNames.database, { kind: "client", attributes }, async () => {
      const startedAt = performance.now();
      try {
        return await work();
      } catch (error) {
        if (error instanceof TelegraphistError && error.category === "STORAGE" && error.retryable) {
          trouble = { code: error.code, atMs: performance.now() };
        }
        throw error;
      } finally {
        const durationMs = performance.now() - startedAt;
        instruments.databaseTime.record(durationMs, { operation });
        if (durationMs > slowOperationMs) {
          logger?.warn("database operation was slow", { operation, durationMs: Math.round(durationMs) });
        }
      }
    });
  }

  return {
    connection,
    get trouble() {
      return trouble !== null && performance.now() - trouble.atMs < troubleIsNewsMs
        ? trouble.code
        : undefined;
    },
    run: (operation, work) =>
      measured(operation, () => lockWait.anyhow(() => attempt(operation, () => work(orm)))),
    async transact(operation, work) {
      const transaction = () => orm.transaction((queries) => work(queries), { behavior: "immediate" });
      const result = await measured(operation, () => lockWait.inOrder(() => attempt(operation, transaction)));
      trouble = null;
      return result;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      try {
        // Statements live on until they are collected, and hold SQLite open: what it would do at the end is done here.
        connection.run("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch (error) {
        throw storageError("Cannot move the last writes into the database file", error);
      } finally {
        connection.close();
      }
    },
  };
}

function closed(operation: string): TelegraphistError {
  return new TelegraphistError({
    code: "STORAGE_CLOSED",
    category: "STORAGE",
    message: `Cannot do "${operation}" in the database: it was closed`,
  });
}
