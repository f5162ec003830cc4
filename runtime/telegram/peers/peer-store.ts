import type { Logger } from "../../../telemetry/index.ts";
import type { AccountName, ChatId } from "../../contract/index.ts";
import type { ContactRecord, EntityRecord, InviteLinkRecord, Storage } from "../../storage/index.ts";
import type { Api } from "../gramjs.ts";
import { recordOfChat, recordOfUser } from "./entity-record.ts";
import { LruMap } from "./lru-map.ts";

/** Where an account's people, chats, and what ties them are kept. */
export type PeerStorage = Pick<Storage, "entities" | "contacts" | "inviteLinks">;

export interface PeerStoreOptions {
  readonly account: AccountName;
  readonly storage: PeerStorage;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Records held in memory. @default 10_000 */
  readonly capacity?: number;
}

/** People and chats that came with an answer or an update. */
export interface PeerContainer {
  readonly users: readonly Api.TypeUser[];
  readonly chats: readonly Api.TypeChat[];
}

/** A record that did not change is written again after this time, so that its age on disk stays true. */
const refreshAfterMs = 3_600_000;

/** Everyone whom an account has met: the recent ones in memory, all of them on disk. */
export class PeerStore {
  readonly #account: AccountName;
  readonly #storage: PeerStorage;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #recent: LruMap<ChatId, EntityRecord>;
  readonly #capacity: number;
  /** What could not be written yet, the oldest first. */
  #unwritten: ReadonlyMap<ChatId, EntityRecord> = new Map();

  constructor(options: PeerStoreOptions) {
    this.#account = options.account;
    this.#storage = options.storage;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#capacity = options.capacity ?? 10_000;
    this.#recent = new LruMap(this.#capacity);
  }

  /** What memory holds of a peer. */
  peek(chatId: ChatId): EntityRecord | undefined {
    return this.#recent.get(chatId) ?? this.#unwritten.get(chatId);
  }

  /** What memory, else the disk holds of a peer. */
  async find(chatId: ChatId): Promise<EntityRecord | null> {
    const recent = this.peek(chatId);
    if (recent !== undefined) return recent;
    return this.#keep(await this.#storage.entities.byId(this.#account, chatId));
  }

  /** Who had a name when last seen. @param username without the `@`, in any case */
  async findUsername(username: string): Promise<EntityRecord | null> {
    return this.#keep(await this.#storage.entities.byUsername(this.#account, username.toLowerCase()));
  }

  /**
   * Brings peers from disk into memory, and returns those that are not there. Never throws: a name is worth less than
   * what it is needed for, so a database that fails leaves them unknown and a line in the log.
   */
  async bring(ids: readonly ChatId[]): Promise<readonly ChatId[]> {
    const unknown: ChatId[] = [];
    for (const id of ids) {
      if ((await this.#orNull(this.find(id))) === null) unknown.push(id);
    }
    return unknown;
  }

  /**
   * Takes in who came with an answer or update: in memory, and on disk in one write before it resolves. What did not
   * change is not written, and a min sighting adds someone new but takes nothing from someone known. Never throws, as
   * what they came with has happened whether or not they can be written down: see `bring`. What could not be is written
   * with whatever comes next.
   */
  async remember({ users, chats }: PeerContainer): Promise<void> {
    const nowMs = this.#now();
    const seen = [
      ...users.map((user) => recordOfUser(user, nowMs)),
      ...chats.map((chat) => recordOfChat(chat, nowMs)),
    ];
    const changed: EntityRecord[] = [];
    for (const sighting of seen) {
      const { chatId } = sighting;
      const isPartial = sighting.accessHash === null;
      const known = isPartial ? await this.#orNull(this.find(chatId)) : this.peek(chatId);
      const record = { ...sighting, accessHash: sighting.accessHash ?? known?.accessHash ?? null };
      if (known && !isNews(record, known)) continue;
      this.#recent.set(chatId, record);
      changed.push(record);
    }
    await this.#write(changed);
  }

  /** Writes down when the last message of each chat was; never throws: see `bring`. */
  async keepLastMessages(times: ReadonlyMap<ChatId, number>): Promise<void> {
    const moved: EntityRecord[] = [];
    for (const [chatId, lastMessageAtMs] of times) {
      const known = await this.#orNull(this.find(chatId));
      if (known !== null && (known.lastMessageAtMs ?? 0) < lastMessageAtMs) {
        moved.push({ ...known, lastMessageAtMs });
      }
    }
    for (const record of moved) this.#recent.set(record.chatId, record);
    await this.#write(moved);
  }

  /** Makes this the account's whole contact list; who is in it MUST have been remembered. Never throws: see `bring`. */
  async keepContacts(list: readonly ContactRecord[]): Promise<void> {
    await this.#orNull(this.#storage.contacts.replace(this.#account, list));
  }

  /** Writes down links as Telegram told them; their chat MUST have been remembered. Never throws: see `bring`. */
  async keepInviteLinks(links: readonly InviteLinkRecord[]): Promise<void> {
    if (links.length > 0) await this.#orNull(this.#storage.inviteLinks.put(this.#account, links));
  }

  /** Forgets what memory holds, as the disk may hold something else by now, or belong to another person. */
  forgetRecent(): void {
    this.#recent.clear();
    this.#unwritten = new Map();
  }

  /** Writes records, and those that could not be written before. */
  async #write(records: readonly EntityRecord[]): Promise<void> {
    const writing = new Map(this.#unwritten);
    for (const record of records) writing.set(record.chatId, record);
    if (writing.size === 0) return;
    this.#unwritten = new Map();
    try {
      await this.#storage.entities.upsert(this.#account, [...writing.values()]);
    } catch (error) {
      this.#logger.error("Cannot keep people and chats; they wait for the next write", { error });
      this.#keepUnwritten(new Map([...writing, ...this.#unwritten]));
    }
  }

  /** What there is no room for is news when it is seen again. */
  #keepUnwritten(records: Map<ChatId, EntityRecord>): void {
    for (const chatId of records.keys()) {
      if (records.size <= this.#capacity) break;
      records.delete(chatId);
      this.#recent.delete(chatId);
    }
    this.#unwritten = records;
  }

  /** What the database gives, or `null` and a line in the log when it fails. */
  async #orNull<T>(work: Promise<T>): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      this.#logger.error("Cannot keep or find people and chats", { error });
      return null;
    }
  }

  #keep(record: EntityRecord | null): EntityRecord | null {
    if (record !== null) this.#recent.set(record.chatId, record);
    return record;
  }
}

function isNews(seen: EntityRecord, known: EntityRecord): boolean {
  if (seen.isMin && !known.isMin) return false;
  return (
    seen.seenAtMs - known.seenAtMs >= refreshAfterMs ||
    seen.isMin !== known.isMin ||
    seen.accessHash !== known.accessHash ||
    !Bun.deepEquals(seen.snapshot, known.snapshot)
  );
}
