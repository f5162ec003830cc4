import { hasCode, type TelegraphistError } from "../contract/index.ts";

/** Counts requests since the last one that Telegram answered, by an error or not: how well an account is. */
export class AnswerCount {
  #failuresInRow = 0;

  get failuresInRow(): number {
    return this.#failuresInRow;
  }

  answered(): void {
    this.#failuresInRow = 0;
  }

  /** Takes in why a request failed; one that never left says nothing of the account. */
  failed(error: TelegraphistError): void {
    if (typeof error.data.rpcCode === "number") this.answered();
    // The bound on connections for files is one of all accounts.
    else if (
      hasCode(error, "CALL_TIMEOUT") ||
      (error.category === "NETWORK" && error.code !== "POOL_EXHAUSTED")
    ) {
      this.#failuresInRow += 1;
    }
  }
}
