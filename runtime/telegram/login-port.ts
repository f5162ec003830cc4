import type { Api } from "./gramjs.ts";

/** What a login needs of the account. */
export interface LoginPort {
  invoke<R extends Api.AnyRequest>(request: R, signal: AbortSignal): Promise<R["__response"]>;
  /**
   * Goes on in another data centre, where the account is at home.
   *
   * @param authKey the key that the account has there. @default a new one
   */
  moveTo(dataCentreId: number, authKey?: Uint8Array): Promise<void>;
  /** Resolves when Telegram next says that a login code was scanned. */
  nextScan(): Promise<void>;
}

/** Answers that are not taken, until the login ends. */
export const maxAttempts = 5;
/** Data centres that a login is sent to, until it is in a circle. */
export const maxMoves = 3;
