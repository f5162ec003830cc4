import type { PluginName } from "../contract/index.ts";
import { hostCovers } from "../permissions/index.ts";
import { httpError } from "./http-error.ts";
import type { HttpSecret } from "./http-secret.ts";
import { isPrivateAddress } from "./private-address.ts";
import { hostAndPortOf } from "./reachable-address.ts";

/** The secrets of one plugin. */
export class HttpSecrets {
  readonly #secrets: readonly HttpSecret[];

  constructor(secrets: readonly HttpSecret[], plugin: PluginName) {
    this.#secrets = secrets.filter(({ plugins }) => plugins.includes(plugin));
  }

  /** Those that a request to this address is to carry. */
  #of(url: URL): readonly HttpSecret[] {
    const wanted = hostAndPortOf(url);
    return this.#secrets.filter(({ hosts }) => hosts.some((entry) => hostCovers(entry, wanted)));
  }

  /**
   * The headers with the secrets of that address in them. A part of an answer is not asked for then, as half a secret in
   * it would not be known.
   *
   * @throws {TelegraphistError} `HTTP_SECRET_EXPOSED` when others could read it on its way
   */
  applied(url: URL, headers: Headers): Headers {
    const due = this.#of(url);
    if (due.length === 0) return headers;
    const named = due.map(({ name }) => JSON.stringify(name)).join(", ");
    if (url.protocol !== "https:" && !isLoopback(url)) {
      const message = `Cannot make HTTP request to ${url.host} with http.secrets ${named}: it is not https`;
      throw httpError("HTTP_SECRET_EXPOSED", message);
    }
    const all = new Headers(headers);
    all.delete("range");
    for (const { header, format, value } of due) all.set(header, format.split("{}").join(value));
    return all;
  }

  /** The text with every secret of the plugin in it as stars. */
  masked(text: string): string {
    let masked = text;
    for (const spelling of this.#spellings())
      masked = masked.replaceAll(spelling, "*".repeat(spelling.length));
    return masked;
  }

  /** The same of bytes, which keep their number. */
  maskedBytes(bytes: Uint8Array): Uint8Array {
    const masked = Buffer.from(bytes);
    for (const spelling of this.#spellings()) {
      for (let at = masked.indexOf(spelling); at >= 0; at = masked.indexOf(spelling, at)) {
        masked.fill("*", at, at + Buffer.byteLength(spelling));
      }
    }
    return new Uint8Array(masked.buffer, masked.byteOffset, masked.byteLength);
  }

  /** As servers echo it: plain, inside JSON, in an address, and as base64. Longer ones first, as one may hold another. */
  #spellings(): readonly string[] {
    const spellings = this.#secrets.flatMap(({ value }) => [
      value,
      JSON.stringify(value).slice(1, -1),
      encodeURIComponent(value),
      Buffer.from(value).toString("base64").replace(/=+$/, ""),
    ]);
    return [...new Set(spellings)].toSorted((one, other) => other.length - one.length);
  }
}

function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return host === "localhost" || host === "::1" || (/^127\./.test(host) && isPrivateAddress(host));
}
