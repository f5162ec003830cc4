import { hasCode, TelegraphistError } from "../contract/index.ts";
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
  if (hasCode(error, "VALIDATION", "PARSE") && !isOfResponse(error)) {
    return {
      status: 422,
      code: "ADMIN_INVALID_REQUEST",
      message: `Cannot read the request: ${detailOf(error)}`,
    };
  }
  if (error instanceof TelegraphistError) {
    return { status: statusOf(error), code: error.code, message: error.message };
  }
  return {
    status: 500,
    code: "ADMIN_INTERNAL",
    message: "Cannot answer because of an internal error: the log has it under the request id",
  };
}

function statusOf({ category }: TelegraphistError): number {
  if (category === "NOT_FOUND") return 404;
  if (category === "PERMISSION") return 403;
  if (category === "INVALID") return 422;
  return category === "CANCELLED" ? 503 : 500;
}

/** Elysia checks what it answers too; that failing is our defect, not the caller's. */
function isOfResponse(error: unknown): boolean {
  return typeof error === "object" && error !== null && "type" in error && error.type === "response";
}

/** Names the parts of a request that do not fit, and never their values. */
function detailOf(error: unknown): string {
  const issues = typeof error === "object" && error !== null && "all" in error ? error.all : undefined;
  if (!Array.isArray(issues)) return "it is malformed";
  const names = issues.map((issue: unknown) => {
    const { path, message } = { path: "", message: "", ...(typeof issue === "object" ? issue : {}) };
    return `"${Array.isArray(path) ? path.join(".") : String(path).replace(/^\//, "")}" ${String(message)}`;
  });
  return names.slice(0, 5).join("; ") || "it is malformed";
}
