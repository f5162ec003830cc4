import type { Database } from "bun:sqlite";
import { fileMediaKinds, parseAccountName, parseChatId, parseMessageId } from "telegraphist";
import type { WantedFile } from "./wanted-file.ts";

const schemaVersion = 1;
const schema = `
  CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    chat_id TEXT NOT NULL,
    chat_title TEXT NOT NULL,
    chat_username TEXT,
    message_id TEXT NOT NULL,
    sender_id TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    sent_at_ms INTEGER NOT NULL,
    file_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    file_name TEXT,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'kept', 'duplicate', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    path TEXT,
    sha256 TEXT,
    duplicate_of INTEGER REFERENCES files (id),
    archived_at_ms INTEGER,
    failure TEXT,
    is_listed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, chat_id, message_id, file_id)
  ) STRICT;
  CREATE INDEX files_queue ON files (not_before_ms) WHERE state = 'queued';
  CREATE INDEX files_unlisted ON files (id) WHERE state IN ('kept', 'duplicate') AND is_listed = 0;
  CREATE INDEX files_by_hash ON files (sha256) WHERE state = 'kept';
  CREATE INDEX files_by_content ON files (file_id) WHERE state = 'kept';
`;

/** A row of the table `files`, as far as the program reads it. */
export interface FileRow {
  readonly id: number;
  readonly account: string;
  readonly chat_id: string;
  readonly chat_title: string;
  readonly chat_username: string | null;
  readonly message_id: string;
  readonly sender_id: string;
  readonly sender_name: string;
  readonly sent_at_ms: number;
  readonly file_id: string;
  readonly kind: string;
  readonly mime_type: string;
  readonly size_bytes: number;
  readonly file_name: string | null;
  readonly attempts: number;
  readonly path: string | null;
  readonly sha256: string | null;
  readonly duplicate_of: number | null;
  readonly archived_at_ms: number | null;
}

/** Makes a database ready for use, its tables too. @throws {Error} when a later version made them */
export function prepareTables(database: Database): void {
  database.run("PRAGMA busy_timeout = 5000");
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA foreign_keys = ON");
  const version = database.query<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version;
  if (version === schemaVersion) return;
  if (version !== 0) throw new Error(`its version is ${version}, known is ${schemaVersion}`);
  database.transaction(() => {
    database.run(schema);
    database.run(`PRAGMA user_version = ${schemaVersion}`);
  })();
}

/** The file that a row is about. */
export function wantedFileOf(row: FileRow): WantedFile {
  return {
    account: parseAccountName(row.account),
    chatId: parseChatId(row.chat_id),
    chatTitle: row.chat_title,
    chatUsername: row.chat_username,
    messageId: parseMessageId(row.message_id),
    senderId: row.sender_id,
    senderName: row.sender_name,
    sentAtMs: row.sent_at_ms,
    fileId: row.file_id,
    kind: fileMediaKinds.find((kind) => kind === row.kind) ?? "document",
    mimeType: row.mime_type,
    sizeBytes: row.size_bytes,
    fileName: row.file_name,
  };
}
