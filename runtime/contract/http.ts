export interface HttpRequest {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** @default 30_000, at most 300_000 */
  readonly timeoutMs?: number;
  /** A longer answer is an error. @default 1 MiB, at most 64 MiB */
  readonly maxResponseBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  text(): string;
  /** @throws {TelegraphistError} `HTTP_INVALID_JSON` when the body is not JSON */
  json(): unknown;
}

/**
 * The only way to the network, which the web's `fetch` takes as well in a plugin's own process: hosts must be granted as
 * `net` in the plugin's YAML entry.
 */
export interface Http {
  /**
   * @throws {TelegraphistError} `PERMISSION_DENIED` when the host is not granted, here or after a redirect
   * @throws {TelegraphistError} `HTTP_TIMEOUT`, `HTTP_TOO_LARGE`, `HTTP_FAILED`, or `HTTP_SECRET_EXPOSED` when the host's
   * own secret for that address would go over plain http
   * @throws {TelegraphistError} `PLUGIN_RATE_LIMITED` with `data.waitMs`
   */
  request(url: string, request?: HttpRequest): Promise<HttpResponse>;
}
