import { TelegraphistError, toTelegraphistError } from "../contract/index.ts";

export function httpError(
  code: string,
  message: string,
  { retryable = false, cause }: { readonly retryable?: boolean; readonly cause?: unknown } = {},
): TelegraphistError {
  return new TelegraphistError({ code, category: "NETWORK", message, retryable, cause });
}

/** What a socket, a name server, or `fetch` threw. */
export function httpFailure(error: unknown): TelegraphistError {
  return toTelegraphistError(error, {
    code: "HTTP_FAILED",
    category: "NETWORK",
    action: "Cannot finish HTTP request",
  });
}
