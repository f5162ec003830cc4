import { ParseError, ValidationError } from "elysia";
import { type ErrorCategory, TelegraphistError, waitMsOf } from "../contract/index.ts";
import type { ErrorAnswer } from "./reports.ts";

/** A request that is not answered as asked. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to a request that is refused, in the one shape that all errors of the API have. */
export function refusalResponse(refusal: Refusal, requestId: string): Response {
  const { status, code, message, headers = {} } = refusal;
  const body: ErrorAnswer = { error: { code, message, requestId } };
  return Response.json(body, { status, headers });
}

/** What may be said of a failure: our own errors as they are, of any other only that it happened. */
export function refusalOf(error: unknown): Refusal {
  // Elysia checks what it answers too; that failing is our defect, not the caller's.
  if (error instanceof ValidationError && error.type !== "response") {
    const parts = error.all.slice(0, 5).map(({ path, message }) => `"${path}" ${message}`);
    const message = `Cannot read the request: ${parts.join("; ")}`;
    return { status: 422, code: "ADMIN_INVALID_REQUEST", message };
  }
  if (error instanceof ParseError) {
    const message = "Cannot read the body as what its content type says: it is malformed";
    return { status: 400, code: "ADMIN_INVALID_REQUEST", message };
  }
  if (error instanceof TelegraphistError) {
    const status = statusOf(error);
    const waitMs = status === 429 ? waitMsOf(error) : null;
    const headers = waitMs === null ? {} : { "retry-after": String(Math.ceil(waitMs / 1000)) };
    return { status, code: error.code, message: error.message, headers };
  }
  return {
    status: 500,
    code: "ADMIN_INTERNAL",
    message: "Cannot answer because of an internal error: the log has it under the request id",
  };
}

/** Those of a request that the state of the program, an account, or Telegram refuses; any other is a defect. */
const statuses: Partial<Record<ErrorCategory, number>> = {
  PERMISSION: 403,
  RIGHTS: 403,
  PRIVACY: 403,
  NOT_FOUND: 404,
  AUTH: 409,
  INVALID: 422,
  FLOOD_WAIT: 429,
  FLOOD_BLOCK: 429,
  NETWORK: 503,
  CANCELLED: 503,
};

function statusOf({ category, retryable }: TelegraphistError): number {
  return statuses[category] ?? (category === "STORAGE" && retryable ? 503 : 500);
}
