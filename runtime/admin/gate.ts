import { cookieValueOf, secretsMatch } from "./access-token.ts";
import type { Refusal } from "./refusal.ts";

/** Larger bodies are refused; no route needs one. */
export const maxBodyBytes = 64 * 1024;

const cookieName = "telegraphist_admin";
const openPaths = /^\/health(\/live|\/ready)?$|^\/assets\/[\w.-]+$/;
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** What becomes of a request before any route sees it. */
export type Verdict =
  | { readonly verdict: "pass" }
  | { readonly verdict: "refuse"; readonly refusal: Refusal }
  /** The token leaves the address: the browser keeps a cookie and asks again. */
  | { readonly verdict: "redirect"; readonly location: string; readonly cookie: string };

export interface GateOptions {
  readonly token: string;
  /** Whether the server listens to its own machine alone. */
  readonly loopbackOnly: boolean;
}

/** Whether a host name or address, with or without a port, is this machine's own. */
export function isLoopback(host: string): boolean {
  return loopbackHost.test(host) || host === "::1";
}

/**
 * Decides who may come in. Open are the health pages and the static files alone; all else needs the token as
 * `Authorization: Bearer`, or the cookie that `?token=` gives.
 */
export function judge(request: Request, { token, loopbackOnly }: GateOptions): Verdict {
  const url = URL.parse(request.url);
  // What CONNECT asks for, and a request of HTTP/1.0 without a host, name no page.
  if (url === null) return refuse(400, "ADMIN_INVALID_REQUEST", "Cannot read the address of the request");
  // A browser that is sent to such a path, or that posts a form to it, goes to another host.
  if (url.pathname.startsWith("//")) return refuse(404, "ADMIN_NOT_FOUND", "Cannot find this page");
  const host = request.headers.get("host") ?? url.host;
  // A page of another site may point its own name at 127.0.0.1: the name then stands in this header.
  if (loopbackOnly && !isLoopback(host)) return refuse(421, "ADMIN_WRONG_HOST", wrongHost);
  // Another port of the same machine counts as the same site, so SameSite alone does not hold its forms off.
  const origin = request.headers.get("origin");
  if (
    request.method !== "GET" &&
    origin !== null &&
    origin !== `http://${host}` &&
    origin !== `https://${host}`
  ) {
    return refuse(403, "ADMIN_FOREIGN_ORIGIN", "Cannot take a change from a page of another origin");
  }
  if (Number(request.headers.get("content-length") ?? 0) > maxBodyBytes) {
    return refuse(413, "ADMIN_BODY_TOO_LARGE", `Cannot take a body of more than ${maxBodyBytes} bytes`);
  }
  if (openPaths.test(url.pathname)) return { verdict: "pass" };
  const asked = url.searchParams.get("token");
  if (request.method === "GET" && asked !== null && secretsMatch(asked, token)) {
    url.searchParams.delete("token");
    const cookie = `${cookieName}=${cookieValueOf(token)}; HttpOnly; SameSite=Strict; Path=/`;
    return { verdict: "redirect", location: `${url.pathname}${url.search}`, cookie };
  }
  if (hasToken(request, token)) return { verdict: "pass" };
  return {
    verdict: "refuse",
    refusal: {
      status: 401,
      code: "ADMIN_UNAUTHORIZED",
      message: 'Cannot answer without the admin token: send it as "Authorization: Bearer"',
      headers: { "www-authenticate": 'Bearer realm="telegraphist"' },
    },
  };
}

const wrongHost = "Cannot answer under this host name: ask localhost or 127.0.0.1";

function refuse(status: number, code: string, message: string): Verdict {
  return { verdict: "refuse", refusal: { status, code, message } };
}

function hasToken({ headers }: Request, token: string): boolean {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return secretsMatch(bearer, token);
  const cookie = new Bun.CookieMap(headers.get("cookie") ?? "").get(cookieName);
  return cookie !== null && secretsMatch(cookie, cookieValueOf(token));
}
