import { type Http, type HttpRequest, TelegraphistError } from "../contract/index.ts";

const maxTimeoutMs = 300_000;
const maxResponseBytes = 64 * 1024 ** 2;
/** Statuses of answers that have no body: fetch.spec.whatwg.org, null body status. */
const bodiless: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/**
 * The web's `fetch`, for the packages that a plugin brings along: each request is one of the port's, with its checks and
 * its largest bounds, and comes whole. Of its options `redirect`, where it is not `follow`, is refused, and the ones that
 * are for browsers and for Bun mean nothing.
 *
 * It rejects with what the port throws, as `PERMISSION_DENIED`, or the reason of its signal.
 *
 * @param http `null` as long as the plugin is only looked at
 */
export function createGuestFetch(http: () => Http | null): typeof fetch {
  const guestFetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request ? new Request(input, init) : new Request(String(input), init);
    const port = http();
    if (port === null) throw tooEarly();
    if (request.redirect !== "follow") {
      throw new TypeError('The redirect of a fetch must be "follow": the host follows and checks each');
    }
    const { signal, url } = request;
    const body = await request.bytes();
    try {
      const {
        status,
        headers,
        body: answer,
      } = await port.request(url, {
        // The host refuses any other.
        method: request.method as NonNullable<HttpRequest["method"]>,
        headers: Object.fromEntries(request.headers),
        ...(body.length > 0 && { body }),
        ...{ signal, timeoutMs: maxTimeoutMs, maxResponseBytes },
      });
      return new Response(bodiless.has(status) ? null : answer, { status, headers });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  };
  return Object.assign(guestFetch, { preconnect: () => undefined });
}

function tooEarly(): TelegraphistError {
  return new TelegraphistError({
    code: "PERMISSION_DENIED",
    category: "PERMISSION",
    message: "Cannot fetch as the plugin is only being looked at: fetch in setup, or later",
  });
}
