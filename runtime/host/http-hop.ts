import type { HttpRequest } from "../contract/index.ts";
import { httpError } from "./http-error.ts";

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
const maxRequestBytes = 64 * 1024 * 1024;

/**
 * Headers that are the host's own: with another `host` a plugin would reach whatever else a granted server serves, with
 * the others it would say where a message ends (RFC 9112), or get an answer that is not read as it is.
 */
const hostOwned = [
  ...["host", "connection", "keep-alive", "proxy-connection", "proxy-authorization", "transfer-encoding"],
  ...["content-length", "te", "trailer", "upgrade", "expect", "accept-encoding"],
];

/** What another origin is told; all else may be a credential, whatever its name. */
const harmless: ReadonlySet<string> = new Set([
  ...[
    "accept",
    "accept-language",
    "content-type",
    "content-language",
    "cache-control",
    "range",
    "user-agent",
  ],
]);

/** One request on the way of redirects. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | undefined;
}

/** @throws {TelegraphistError} `HTTP_FAILED` or `HTTP_TOO_LARGE` when the request is none that can be made */
export function firstHop(address: string, request: HttpRequest): Hop {
  const { method = "GET", body } = request;
  if (!methods.has(method)) {
    throw httpError(
      "HTTP_FAILED",
      `Cannot make HTTP request as its method must be one of ${[...methods].join(", ")}`,
    );
  }
  if (body !== undefined && Buffer.byteLength(body) > maxRequestBytes) {
    throw httpError(
      "HTTP_TOO_LARGE",
      `Cannot make HTTP request: its body has more than ${maxRequestBytes} bytes`,
    );
  }
  return { url: parseUrl(address), method, headers: ownHeaders(request.headers), body };
}

/**
 * The request after a redirect, as browsers make it (fetch.spec.whatwg.org, HTTP-redirect fetch); another origin is told
 * nothing that could be a credential.
 *
 * @throws {TelegraphistError} `HTTP_FAILED` when the way leads from https to http
 */
export function nextHop({ url, method, headers, body }: Hop, status: number, location: string): Hop {
  const target = parseUrl(location, url);
  if (url.protocol === "https:" && target.protocol === "http:") {
    throw httpError("HTTP_FAILED", "Cannot follow HTTP redirect: it leads from https to http");
  }
  const becomesGet = status === 303 ? method !== "HEAD" : status <= 302 && method === "POST";
  const kept = new Headers(headers);
  if (target.origin !== url.origin)
    for (const name of headers.keys()) if (!harmless.has(name)) kept.delete(name);
  if (!becomesGet) return { url: target, method, headers: kept, body };
  kept.delete("content-type");
  return { url: target, method: "GET", headers: kept, body: undefined };
}

function ownHeaders(given: HttpRequest["headers"]): Headers {
  try {
    const headers = new Headers(given);
    for (const name of hostOwned) headers.delete(name);
    return headers;
  } catch (cause) {
    throw httpError("HTTP_FAILED", "Cannot make HTTP request: a header is none that can be sent", { cause });
  }
}

/** A name and password in an address would be told to wherever it leads. */
function parseUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  const isWeb = url !== null && (url.protocol === "https:" || url.protocol === "http:");
  if (isWeb && url.username === "" && url.password === "") return url;
  throw httpError(
    "HTTP_FAILED",
    "Cannot make HTTP request as the address must begin with https:// or http://, without a name and password: it does not",
  );
}
