import { TelegraphistError, toTelegraphistError } from "../contract/index.ts";

/** Why an attempt to bring an account online has failed, whatever was thrown. */
export function connectFailure(thrown: unknown): TelegraphistError {
  // What `AbortSignal.timeout` ends by: the other side has fallen silent.
  if (thrown instanceof DOMException && thrown.name === "TimeoutError") return connectTimeout(thrown);
  return toTelegraphistError(thrown, {
    code: "CONNECT_FAILED",
    category: "INTERNAL",
    action: "Cannot bring the account online",
  });
}

function connectTimeout(cause: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "CONNECT_TIMEOUT",
    category: "NETWORK",
    retryable: true,
    message: "Cannot bring the account online: Telegram did not answer in time",
    cause,
  });
}
