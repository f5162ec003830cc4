import { Database } from "bun:sqlite";
import { TelegraphistError } from "telegraphist";
import { type FileRow, prepareTables, wantedFileOf } from "./index-tables.ts";
import type { Content } from "./placement.ts";
import type { WantedFile } from "./wanted-file.ts";

/** A file that waits to be downloaded. */
export interface Job {
  readonly id: number;
  readonly file: WantedFile;
  /** Tries that failed so far. */
  readonly attempts: number;
}

/** A file that is on the disk. */
export interface KeptFile extends Content {
  readonly id: number;
  /** Relative to the archive's folder, with forward slashes. */
  readonly path: string;
}

/** A file of the archive as its line in `index.jsonl` tells it. */
export interface ListedFile extends WantedFile {
  readonly id: number;
  readonly path: string | null;
  readonly sha256: string | null;
  readonly duplicateOf: number | null;
  readonly archivedAtMs: number | null;
}

/** Files by where they stand. */
export interface ArchiveCounts {
  readonly queued: number;
  readonly kept: number;
  readonly keptBytes: number;
  readonly duplicates: number;
  readonly failed: number;
}

/** The archive's index and its queue, in one SQLite file that outlives the program at any moment. */
export class ArchiveIndex {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Opens the index, or makes it.
   *
   * @throws {TelegraphistError} `ARCHIVER_INDEX_UNREADABLE` when the file is none of ours, or a later version's
   */
  static open(path: string): ArchiveIndex {
    let database: Database | undefined;
    try {
      database = new Database(path, { create: true, strict: true });
      prepareTables(database);
      return new ArchiveIndex(database);
    } catch (error) {
      database?.close();
      throw new TelegraphistError({
        code: "ARCHIVER_INDEX_UNREADABLE",
        category: "STORAGE",
        message: `Cannot open index ${JSON.stringify(path)}: ${error instanceof Error ? error.message : String(error)}`,
        cause: error,
      });
    }
  }

  /** Puts a file into the queue, on disk; tells whether it was not known yet. */
  enqueue(file: WantedFile): boolean {
    const { changes } = this.#database
      .query(
        `INSERT INTO files (account, chat_id, chat_title, chat_username, message_id, sender_id, sender_name,
           sent_at_ms, file_id, kind, mime_type, size_bytes, file_name)
         VALUES ($account, $chatId, $chatTitle, $chatUsername, $messageId, $senderId, $senderName,
           $sentAtMs, $fileId, $kind, $mimeType, $sizeBytes, $fileName)
         ON CONFLICT DO NOTHING`,
      )
      .run({ ...file });
    return changes > 0;
  }

  /** The file to download next, those under way left out; `null` when none is due. */
  nextJob(nowMs: number, underWay: readonly number[]): Job | null {
    const row = this.#database
      .query<FileRow, [number, string]>(
        `SELECT * FROM files WHERE state = 'queued' AND not_before_ms <= ?
           AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY not_before_ms, id LIMIT 1`,
      )
      .get(nowMs, JSON.stringify(underWay));
    return row === null ? null : { id: row.id, file: wantedFileOf(row), attempts: row.attempts };
  }

  /** When the next file is due that is not under way; `null` when none waits. */
  nextDueMs(underWay: readonly number[]): number | null {
    const row = this.#database
      .query<{ due: number | null }, [string]>(
        `SELECT min(not_before_ms) AS due FROM files WHERE state = 'queued'
           AND id NOT IN (SELECT value FROM json_each(?))`,
      )
      .get(JSON.stringify(underWay));
    return row?.due ?? null;
  }

  postpone(id: number, untilMs: number, attempts: number): void {
    this.#database
      .query("UPDATE files SET not_before_ms = ?, attempts = ? WHERE id = ?")
      .run(Math.ceil(untilMs), attempts, id);
  }

  fail(id: number, failure: string, attempts: number): void {
    this.#database
      .query("UPDATE files SET state = 'failed', failure = ?, attempts = ? WHERE id = ?")
      .run(failure, attempts, id);
  }

  keep(id: number, kept: Omit<KeptFile, "id">, nowMs: number): void {
    this.#database
      .query(
        `UPDATE files SET state = 'kept', path = ?, sha256 = ?, size_bytes = ?, archived_at_ms = ? WHERE id = ?`,
      )
      .run(kept.path, kept.sha256, kept.sizeBytes, nowMs, id);
  }

  /** @param path where a hard link to the first copy was made, or `null` */
  keepAsDuplicate(id: number, first: KeptFile, path: string | null, nowMs: number): void {
    this.#database
      .query(
        `UPDATE files SET state = 'duplicate', duplicate_of = ?, sha256 = ?, path = ?, archived_at_ms = ?
         WHERE id = ?`,
      )
      .run(first.id, first.sha256, path, nowMs, id);
  }

  keptBySha256(sha256: string): KeptFile | null {
    return this.#kept("sha256", sha256);
  }

  /** By Telegram's name of the content, which spares a download. */
  keptByFileId(fileId: string): KeptFile | null {
    return this.#kept("file_id", fileId);
  }

  /** Files on disk that `index.jsonl` may not have yet. */
  unlisted(limit: number): readonly ListedFile[] {
    return this.#database
      .query<FileRow, [number]>(
        `SELECT * FROM files WHERE state IN ('kept', 'duplicate') AND is_listed = 0 ORDER BY id LIMIT ?`,
      )
      .all(limit)
      .map((row) => ({
        ...wantedFileOf(row),
        id: row.id,
        path: row.path,
        sha256: row.sha256,
        duplicateOf: row.duplicate_of,
        archivedAtMs: row.archived_at_ms,
      }));
  }

  markListed(ids: readonly number[]): void {
    this.#database
      .query("UPDATE files SET is_listed = 1 WHERE id IN (SELECT value FROM json_each(?))")
      .run(JSON.stringify(ids));
  }

  counts(): ArchiveCounts {
    const rows = this.#database
      .query<{ state: string; files: number; bytes: number }, []>(
        "SELECT state, count(*) AS files, sum(size_bytes) AS bytes FROM files GROUP BY state",
      )
      .all();
    const of = (state: string) => rows.find((row) => row.state === state);
    return {
      queued: of("queued")?.files ?? 0,
      kept: of("kept")?.files ?? 0,
      keptBytes: of("kept")?.bytes ?? 0,
      duplicates: of("duplicate")?.files ?? 0,
      failed: of("failed")?.files ?? 0,
    };
  }

  close(): void {
    this.#database.close();
  }

  #kept(column: "sha256" | "file_id", value: string): KeptFile | null {
    const row = this.#database
      .query<FileRow, [string]>(
        `SELECT * FROM files WHERE state = 'kept' AND ${column} = ? ORDER BY id LIMIT 1`,
      )
      .get(value);
    if (row?.path == null || row.sha256 === null) return null;
    return { id: row.id, path: row.path, sha256: row.sha256, sizeBytes: row.size_bytes };
  }
}
