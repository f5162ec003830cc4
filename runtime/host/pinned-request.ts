import { isIP, isIPv6 } from "node:net";

/** What `fetch` is given to reach a host at one of its addresses. */
export interface PinnedRequest {
  readonly url: URL;
  readonly headers: Headers;
  readonly tls?: { readonly serverName: string };
}

/**
 * Puts an address in the place of a host's name, which `fetch` would look up a second time, maybe with another answer.
 * The server is told the name all the same, and its certificate is held against it.
 */
export function pinnedRequest(url: URL, headers: Headers, address: string): PinnedRequest {
  const name = url.hostname.replace(/\.$/, "");
  if (isIP(name.replace(/^\[|\]$/g, "")) !== 0) return { url, headers };
  const pinned = new URL(url);
  pinned.hostname = isIPv6(address) ? `[${address}]` : address;
  const named = new Headers(headers);
  named.set("host", url.host);
  return { url: pinned, headers: named, tls: { serverName: name } };
}
