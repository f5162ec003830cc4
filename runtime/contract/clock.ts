/** Time, as a plugin sees it; tests turn it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Resolves after the time has passed.
   *
   * @param durationMs 0 to 2^31 - 1
   * @throws {TelegraphistError} `CANCELLED` when the signal is aborted first
   */
  sleep(durationMs: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
}
