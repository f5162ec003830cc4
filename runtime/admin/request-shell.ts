import { attributeNames, instruments, type Logger, span, spanNames } from "../../telemetry/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import { judge } from "./gate.ts";
import { htmlResponse } from "./pages/html.ts";
import { loginPage } from "./pages/index-page.ts";
import { type Refusal, refusalOf, refusalResponse } from "./refusal.ts";
import type { RouteTable } from "./route-table.ts";

/** What answers a request once it was let in: a response, or a rejection with what went wrong. */
export type Answer = (request: Request) => Promise<Response>;

export interface RequestShellOptions {
  readonly answer: Answer;
  readonly routes: RouteTable;
  readonly token: string;
  readonly loopbackOnly: () => boolean;
  readonly logger: Logger;
  readonly requestTimeoutMs: number;
}

const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Wraps what every request has: who may come in, a deadline, one shape of errors, security headers, a span, and a
 * measured time. Both carry the route's template, never the path or the query.
 */
export function createRequestShell(options: RequestShellOptions): (request: Request) => Promise<Response> {
  const { routes, token, loopbackOnly, logger } = options;

  async function respond(request: Request, pathname: string, requestId: string): Promise<Response> {
    const verdict = judge(request, { token, loopbackOnly: loopbackOnly() });
    if (verdict.verdict === "redirect") {
      const { location, cookie } = verdict;
      return new Response(null, { status: 303, headers: { location, "set-cookie": cookie } });
    }
    if (verdict.verdict === "refuse") {
      const { refusal } = verdict;
      const isPerson = refusal.status === 401 && request.headers.get("accept")?.includes("text/html");
      return isPerson ? htmlResponse(loginPage(pathname), 401) : refusalResponse(refusal, requestId);
    }
    const unrouted = refusalOfRoute(request.method, pathname, routes);
    if (unrouted !== undefined) return refusalResponse(unrouted, requestId);
    try {
      return await answerInTime(request, options);
    } catch (error) {
      const refusal = refusalOf(error);
      // A defect is an error; that something cannot be had for now is none.
      if (refusal.status === 500) logger.error("Cannot answer an admin request", { error, requestId });
      if (refusal.status === 503) logger.warn("Cannot answer an admin request now", { error, requestId });
      return refusalResponse(refusal, requestId);
    }
  }

  return async (request) => {
    const requestId = crypto.randomUUID();
    const pathname = URL.parse(request.url)?.pathname ?? "";
    const { method } = request;
    const route = routes.templateOf(pathname) ?? "unmatched";
    const startedAt = performance.now();
    const attributes = {
      [attributeNames.httpMethod]: method,
      [attributeNames.httpRoute]: route,
      [attributeNames.requestId]: requestId,
    };
    const response = await span(
      spanNames.admin,
      { root: true, kind: "server", attributes },
      async (active) => {
        const answered = await respond(request, pathname, requestId);
        active.set({ [attributeNames.httpStatus]: answered.status });
        return answered;
      },
    );
    instruments.adminLatency.record(performance.now() - startedAt, {
      method,
      route,
      status: response.status,
    });
    return finished(response, method, requestId);
  };
}

function refusalOfRoute(method: string, pathname: string, routes: RouteTable): Refusal | undefined {
  const methods = routes.methodsOf(pathname);
  if (methods.length === 0) return { status: 404, code: "ADMIN_NOT_FOUND", message: "Cannot find this page" };
  if (methods.includes(method) || (method === "HEAD" && methods.includes("GET"))) return undefined;
  const allow = methods.join(", ");
  return {
    status: 405,
    code: "ADMIN_METHOD_NOT_ALLOWED",
    message: `Cannot use this method here: allowed is ${allow}`,
    headers: { allow },
  };
}

async function answerInTime(
  request: Request,
  { answer, requestTimeoutMs }: RequestShellOptions,
): Promise<Response> {
  const late = Promise.withResolvers<Response>();
  const timer = setTimeout(() => late.reject(tooLate(requestTimeoutMs)), requestTimeoutMs);
  const asGet = request.method === "HEAD" ? new Request(request, { method: "GET" }) : request;
  try {
    return await Promise.race([answer(asGet), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(requestTimeoutMs: number): TelegraphistError {
  return new TelegraphistError({
    code: "ADMIN_TIMEOUT",
    category: "CANCELLED",
    message: `Cannot answer within ${requestTimeoutMs} ms`,
    retryable: true,
  });
}

function finished(response: Response, method: string, requestId: string): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  headers.set("x-request-id", requestId);
  return new Response(method === "HEAD" ? null : response.body, { status: response.status, headers });
}
