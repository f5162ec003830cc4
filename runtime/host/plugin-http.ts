import { attributeNames, span, spanNames } from "../../telemetry/index.ts";
import type { Clock, Http, HttpRequest, HttpResponse } from "../contract/index.ts";
import { httpResponseOf } from "../guest/index.ts";
import { withDeadline } from "../scope/index.ts";
import type { PassingCall } from "./call-gate.ts";
import type { Guard } from "./guard.ts";
import { httpError, httpFailure } from "./http-error.ts";
import { firstHop, type Hop, nextHop } from "./http-hop.ts";
import type { HttpSecret } from "./http-secret.ts";
import { HttpSecrets } from "./http-secrets.ts";
import { pinnedRequest } from "./pinned-request.ts";
import { reachableAddress } from "./reachable-address.ts";

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
  /** Of all plugins. @default none */
  readonly secrets?: readonly HttpSecret[] | undefined;
}

/**
 * The network as a plugin may use it: every host on the way must be granted, and each is reached at the address that was
 * looked at.
 */
export function createPluginHttp({ guard, clock, signal, secrets: all = [] }: PluginHttpOptions): Http {
  const secrets = new HttpSecrets(all, guard.plugin);
  return {
    async request(url, request = {}) {
      const hop = firstHop(url, request);
      const timeoutMs = Math.min(request.timeoutMs ?? defaultTimeoutMs, maxTimeoutMs);
      const outer = request.signal === undefined ? signal : AbortSignal.any([request.signal, signal]);
      const name = `http.request ${hop.method}`;
      const call: PassingCall = { name, account: null, target: hop.url.host };
      const attributes = {
        [attributeNames.plugin]: guard.plugin,
        [attributeNames.httpMethod]: hop.method,
        [attributeNames.serverAddress]: hop.url.hostname,
      };
      return span(spanNames.http, { kind: "client", attributes }, async (active) => {
        const response = await guard.gate.pass(call, () =>
          withDeadline((inner) => follow(guard, secrets, hop, request, inner), {
            timeoutMs,
            clock,
            signal: outer,
            onTimeout: () => {
              const message = `Cannot finish HTTP request: no end after ${timeoutMs} ms`;
              return httpError("HTTP_TIMEOUT", message, { retryable: true });
            },
          }),
        );
        active.set({ [attributeNames.httpStatus]: response.status });
        return response;
      });
    },
  };
}

async function follow(
  guard: Guard,
  secrets: HttpSecrets,
  first: Hop,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const limitBytes = Math.min(request.maxResponseBytes ?? defaultResponseBytes, maxResponseBytes);
  let hop = first;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const address = await reachableAddress(guard, hop.url, hop.method);
    const response = await fetchHop(
      { ...hop, headers: secrets.applied(hop.url, hop.headers) },
      address,
      signal,
    );
    const location = response.headers.get("location");
    if (!redirectStatuses.has(response.status) || location === null) {
      return readResponse(response, limitBytes, secrets);
    }
    await response.body?.cancel();
    hop = nextHop(hop, response.status, location);
  }
  throw httpError("HTTP_FAILED", `Cannot finish HTTP request: more than ${maxRedirects} redirects`);
}

async function fetchHop(
  { url, method, headers, body }: Hop,
  address: string,
  signal: AbortSignal,
): Promise<Response> {
  const { url: target, ...init } = pinnedRequest(url, headers, address);
  try {
    return await fetch(target, {
      ...init,
      method,
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    throw httpFailure(error);
  }
}

async function readResponse(
  response: Response,
  limitBytes: number,
  secrets: HttpSecrets,
): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) {
        throw httpError("HTTP_TOO_LARGE", `Cannot read HTTP answer: more than ${limitBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw httpFailure(error);
  }
  const body = secrets.maskedBytes(Buffer.concat(chunks));
  const headers = [...response.headers].map(([name, value]) => [name, secrets.masked(value)] as const);
  return httpResponseOf(response.status, Object.fromEntries(headers), body);
}
