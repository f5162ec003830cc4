import type { AccountName, UserId } from "../contract/index.ts";
import type { SessionRecord, Storage } from "../storage/index.ts";
import type { Device } from "./connection.ts";

type SessionRepository = Storage["sessions"];

export interface NewSession {
  readonly account: AccountName;
  readonly device: Device;
  readonly mainDataCentreId: number;
  readonly nowMs: number;
}

/**
 * One account's session: an auth key for each data centre that it has been to (GramJS keeps the home's alone, defect
 * G10). Before the login is done it lives in memory only, so that half a login never takes the place of a session.
 */
export class AccountSession {
  readonly #repository: SessionRepository;
  #record: SessionRecord;
  #isStored: boolean;
  #saving: Promise<void> = Promise.resolve();

  private constructor(repository: SessionRepository, record: SessionRecord, isStored: boolean) {
    this.#repository = repository;
    this.#record = record;
    this.#isStored = isStored;
  }

  /** The stored session; `null` when the account has none. @throws {TelegraphistError} `VAULT_WRONG_KEY` */
  static async load(repository: SessionRepository, account: AccountName): Promise<AccountSession | null> {
    const record = await repository.load(account);
    return record === null ? null : new AccountSession(repository, record, true);
  }

  /** A session that has no keys yet, and is not stored before `logIn`. */
  static begin(repository: SessionRepository, { account, device, mainDataCentreId, nowMs }: NewSession) {
    const record: SessionRecord = {
      account,
      userId: null,
      mainDataCentreId,
      authKeys: new Map(),
      state: "active",
      device,
      createdAtMs: nowMs,
      lastUsedAtMs: nowMs,
      lastVerifiedAtMs: null,
    };
    return new AccountSession(repository, record, false);
  }

  /** Whether it was logged in: half a login is none that could end. */
  get isStored(): boolean {
    return this.#isStored;
  }

  get userId(): UserId | null {
    return this.#record.userId;
  }

  get mainDataCentreId(): number {
    return this.#record.mainDataCentreId;
  }

  get createdAtMs(): number {
    return this.#record.createdAtMs;
  }

  get lastVerifiedAtMs(): number | null {
    return this.#record.lastVerifiedAtMs;
  }

  get device(): Device {
    return this.#record.device;
  }

  get isLoggedOut(): boolean {
    return this.#record.state === "logged-out";
  }

  /** Whether it has what it is known by at home: one without is of no use, and may live on at Telegram. */
  get hasKey(): boolean {
    return this.authKey(this.mainDataCentreId) !== null;
  }

  authKey(dataCentreId: number): Uint8Array | null {
    return this.#record.authKeys.get(dataCentreId) ?? null;
  }

  /** Keeps the key of a data centre; `null` forgets it. */
  setAuthKey(dataCentreId: number, key: Uint8Array | null): Promise<void> {
    const authKeys = new Map(this.#record.authKeys);
    if (key === null) authKeys.delete(dataCentreId);
    else authKeys.set(dataCentreId, key);
    return this.#change({ authKeys });
  }

  /** The account's home is elsewhere, and has this key there; without it, the key that it had there, if any. */
  moveTo(dataCentreId: number, authKey?: Uint8Array): Promise<void> {
    const { authKeys } = this.#record;
    return this.#change({
      mainDataCentreId: dataCentreId,
      authKeys: authKey === undefined ? authKeys : new Map(authKeys).set(dataCentreId, authKey),
    });
  }

  /** The login is done: from here on the session is stored. */
  logIn(userId: UserId, nowMs: number): Promise<void> {
    this.#isStored = true;
    return this.#change({ userId, state: "active", lastUsedAtMs: nowMs, lastVerifiedAtMs: nowMs });
  }

  /** Telegram has just shown that the session is good. */
  verify(nowMs: number): Promise<void> {
    return this.#change({ lastUsedAtMs: nowMs, lastVerifiedAtMs: nowMs });
  }

  /**
   * Another session of the same person takes its place, which has this key at home. The keys until now are used up to the
   * moment in which the change is durable, and are spare ones from then on.
   */
  succeed(authKey: Uint8Array, nowMs: number): Promise<void> {
    return this.#enqueue(async () => {
      const successor = {
        authKeys: new Map([[this.mainDataCentreId, authKey]]),
        createdAtMs: nowMs,
        lastUsedAtMs: nowMs,
        lastVerifiedAtMs: nowMs,
      };
      await this.#repository.succeed({ ...this.#record, ...successor });
      this.#record = { ...this.#record, ...successor };
    });
  }

  /** Telegram has ended the session; its state is kept for a look, its keys are of no more use. */
  end(): Promise<void> {
    return this.#change({ state: "logged-out" });
  }

  /** Resolves when all changes are durable. */
  saved(): Promise<void> {
    return this.#saving;
  }

  #change(changes: Partial<SessionRecord>): Promise<void> {
    this.#record = { ...this.#record, ...changes };
    if (!this.#isStored) return this.#saving;
    return this.#enqueue(() => this.#repository.save(this.#record));
  }

  /** Writes go one after another, each with all that changed before it. */
  #enqueue(write: () => Promise<void>): Promise<void> {
    // A write that failed has told its own caller; the next one writes everything anew.
    this.#saving = this.#saving.then(write, write);
    return this.#saving;
  }
}
