import { TelegraphistError } from "../contract/index.ts";

/** One account's connections for files, as far as the budget of all looks at them. */
export interface BudgetMember {
  readonly size: number;
  /** Since when the one that is idle for the longest is so; `null` when all are in use. */
  readonly idleSinceMs: number | null;
  /** Closes that one. */
  closeIdlest(): Promise<void>;
}

/** How many connections for files all accounts may have together: the idlest makes room for the next. */
export class ConnectionBudget {
  readonly #max: number;
  readonly #members = new Set<BudgetMember>();

  constructor(max: number) {
    this.#max = max;
  }

  join(member: BudgetMember): void {
    this.#members.add(member);
  }

  /** @throws {TelegraphistError} `POOL_EXHAUSTED` when every connection is in use */
  makeRoom(): void {
    if (this.#size < this.#max) return;
    const [idlest] = [...this.#members]
      .filter(({ idleSinceMs }) => idleSinceMs !== null)
      .toSorted((a, b) => (a.idleSinceMs ?? 0) - (b.idleSinceMs ?? 0));
    if (idlest === undefined) throw exhausted(this.#max);
    // It counts no longer from the call on; its end is waited for by nobody.
    void idlest.closeIdlest();
  }

  get #size(): number {
    return [...this.#members].reduce((sum, { size }) => sum + size, 0);
  }
}

function exhausted(max: number): TelegraphistError {
  return new TelegraphistError({
    code: "POOL_EXHAUSTED",
    category: "NETWORK",
    retryable: true,
    message: `Cannot open a connection for files as ${max} are in use: wait, or raise limits.accounts.fileConnections`,
    data: { max },
  });
}
