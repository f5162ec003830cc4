import type { App } from "../../runtime/app/index.ts";
import type { Account } from "../../runtime/telegram/index.ts";
import type { Ailing, Stand } from "./client-face.ts";

/** Looks at the accounts of a program, in the order of their names' numbers, and has them call. */
export class AccountWatch {
  readonly #accounts: readonly Account[];
  #changes: number[] = [];

  constructor(app: App) {
    this.#accounts = [...app.accounts.values()];
  }

  /** Counts changes of state from now on. */
  begin(): void {
    this.#changes = this.#accounts.map(() => 0);
    for (const [index, account] of this.#accounts.entries()) {
      account.onState(() => {
        this.#changes[index] = (this.#changes[index] ?? 0) + 1;
      });
    }
  }

  stands(): readonly Stand[] {
    return this.#accounts.map((account, index) => ({
      state: account.state.state,
      isFlooded: account.health().waits.length > 0,
      changes: this.#changes[index] ?? 0,
    }));
  }

  /** Each sends a message to itself, one after the other. @returns what each took, in milliseconds */
  async callEach(indexes: readonly number[]): Promise<readonly number[]> {
    const tookMs: number[] = [];
    for (const index of indexes) {
      const startedAtMs = performance.now();
      await this.#at(index).telegram.send("me", "Note to myself");
      tookMs.push(performance.now() - startedAtMs);
    }
    return tookMs;
  }

  /** Has the three run into their trouble; the calls of two of them are still waiting then. */
  async provoke({ loggedOut, flooded, dead }: Ailing): Promise<void> {
    const isOver = untilState(this.#at(loggedOut), "logged-out");
    for (const index of [loggedOut, flooded, dead]) {
      // What it comes to is what the state and the waits of the account say.
      this.#at(index)
        .telegram.send("me", "In vain")
        .catch(() => undefined);
    }
    await isOver;
    while (this.#at(flooded).health().waits.length === 0) await Bun.sleep(5);
  }

  /** Resolves when all have caught up, or have found out what the present is. */
  async online(): Promise<void> {
    await Promise.all(this.#accounts.map((account) => untilState(account, "online")));
  }

  #at(index: number): Account {
    const account = this.#accounts[index];
    if (account === undefined) throw new RangeError(`Cannot find account ${index}`);
    return account;
  }
}

async function untilState(account: Account, wanted: string): Promise<void> {
  const reached = Promise.withResolvers<void>();
  const stopListening = account.onState(({ state }) => {
    if (state === wanted) reached.resolve();
  });
  if (account.state.state === wanted) reached.resolve();
  await reached.promise;
  await stopListening();
}
