import { lookup } from "node:dns/promises";
import { isIPv4 } from "node:net";
import { attributeNames, span, spanNames } from "../../telemetry/index.ts";
import {
  type Clock,
  type Http,
  type HttpRequest,
  type HttpResponse,
  TelegraphistError,
  toTelegraphistError,
} from "../contract/index.ts";
import { namesHost } from "../permissions/index.ts";
import { withDeadline } from "../scope/index.ts";
import type { Guard } from "./guard.ts";
import { pinnedRequest } from "./pinned-request.ts";
import { isPrivateAddress } from "./private-address.ts";

const defaultTimeoutMs = 30_000;
const maxTimeoutMs = 300_000;
const defaultResponseBytes = 1024 * 1024;
const maxResponseBytes = 64 * 1024 * 1024;
const maxRedirects = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

export interface PluginHttpOptions {
  readonly guard: Guard;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | undefined;
}

/**
 * The network as a plugin may use it: every host on the way must be granted, and one with a private address must be
 * granted by its own name. A host that a wildcard covers is reached at the address that was looked at.
 */
export function createPluginHttp({ guard, clock, signal }: PluginHttpOptions): Http {
  return {
    request(url, request = {}) {
      guard.countCall();
      const timeoutMs = Math.min(request.timeoutMs ?? defaultTimeoutMs, maxTimeoutMs);
      const outer = request.signal === undefined ? signal : AbortSignal.any([request.signal, signal]);
      const attributes = {
        [attributeNames.plugin]: guard.plugin,
        [attributeNames.httpMethod]: request.method ?? "GET",
        [attributeNames.serverAddress]: URL.parse(url)?.hostname,
      };
      return span(spanNames.http, { kind: "client", attributes }, async (active) => {
        const response = await withDeadline((inner) => follow(guard, url, request, inner), {
          timeoutMs,
          clock,
          signal: outer,
          onTimeout: () =>
            httpError("HTTP_TIMEOUT", `Cannot finish HTTP request: no end after ${timeoutMs} ms`, true),
        });
        active.set({ [attributeNames.httpStatus]: response.status });
        return response;
      });
    },
  };
}

async function follow(
  guard: Guard,
  address: string,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let hop: Hop = {
    url: parseUrl(address),
    method: request.method ?? "GET",
    headers: ownHeaders(request.headers),
    body: request.body,
  };
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await fetchHop(hop, await requireHost(guard, hop.url), signal);
    const location = response.headers.get("location");
    if (!redirectStatuses.has(response.status) || location === null) {
      return readResponse(
        response,
        Math.min(request.maxResponseBytes ?? defaultResponseBytes, maxResponseBytes),
      );
    }
    await response.body?.cancel();
    hop = nextHop(hop, response.status, parseUrl(location, hop.url));
  }
  throw httpError("HTTP_FAILED", `Cannot finish HTTP request: more than ${maxRedirects} redirects`, false);
}

/** With a host of its own choice a plugin would reach whatever else a granted server serves. */
function ownHeaders(given: HttpRequest["headers"]): Headers {
  const headers = new Headers(given);
  headers.delete("host");
  return headers;
}

async function fetchHop(
  { url, method, headers, body }: Hop,
  address: string | null,
  signal: AbortSignal,
): Promise<Response> {
  const { url: target, ...init } = address === null ? { url, headers } : pinnedRequest(url, headers, address);
  try {
    return await fetch(target, {
      ...init,
      method,
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    throw failed(error);
  }
}

/** As browsers do it (fetch.spec.whatwg.org, HTTP-redirect fetch); another origin is not told credentials. */
function nextHop({ url, method, headers, body }: Hop, status: number, target: URL): Hop {
  const becomesGet = status === 303 ? method !== "HEAD" : status <= 302 && method === "POST";
  const kept = new Headers(headers);
  if (target.origin !== url.origin) for (const name of ["authorization", "cookie"]) kept.delete(name);
  if (!becomesGet) return { url: target, method, headers: kept, body };
  for (const name of ["content-type", "content-length"]) kept.delete(name);
  return { url: target, method: "GET", headers: kept, body: undefined };
}

/** Refuses what is not granted; returns the address to connect to where only a wildcard covers the host. */
async function requireHost(guard: Guard, url: URL): Promise<string | null> {
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  guard.demand("call http.request", { permission: "net", host, port });
  if ((guard.grants.allow.net ?? []).some((grant) => namesHost(grant, host))) return null;
  const addresses = await addressesOf(host);
  // IPv4 first: a machine without IPv6 is more common than one without IPv4.
  if (!addresses.some(isPrivateAddress)) return addresses.find(isIPv4) ?? addresses[0] ?? null;
  throw guard.denial(
    "call http.request",
    `may not reach the private address of ${JSON.stringify(host)} through a wildcard`,
    `add "${host}:${port}" to plugins.${guard.plugin}.allow.net`,
  );
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host.replace(/^\[|\]$/g, ""), { all: true });
    return found.map((entry) => entry.address);
  } catch (error) {
    throw failed(error);
  }
}

async function readResponse(response: Response, limitBytes: number): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) {
        throw httpError("HTTP_TOO_LARGE", `Cannot read HTTP answer: more than ${limitBytes} bytes`, false);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw failed(error);
  }
  const body = new Uint8Array(Buffer.concat(chunks));
  const text = (): string => new TextDecoder().decode(body);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body,
    text,
    json: () => parseJson(text()),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw httpError("HTTP_INVALID_JSON", "Cannot read HTTP answer as JSON: it is not", false, error);
  }
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url !== null && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw httpError(
    "HTTP_FAILED",
    "Cannot make HTTP request as the address must begin with https:// or http://: it does not",
    false,
  );
}

function failed(error: unknown): TelegraphistError {
  return toTelegraphistError(error, {
    code: "HTTP_FAILED",
    category: "NETWORK",
    action: "Cannot finish HTTP request",
  });
}

function httpError(code: string, message: string, retryable: boolean, cause?: unknown): TelegraphistError {
  return new TelegraphistError({ code, category: "NETWORK", message, retryable, cause });
}
