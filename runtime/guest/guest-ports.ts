import type { Clock, Http, HttpRequest, JsonValue, Store, StoreEntry } from "../contract/index.ts";
import { systemClock } from "../scope/index.ts";
import type { GuestCalls } from "./guest-calls.ts";
import { httpResponseOf } from "./http-response.ts";
import { jsonOf } from "./store-view.ts";

/** The plugin's store, kept by the host. */
export function createGuestStore(calls: GuestCalls): Store {
  const call = async (method: string, ...params: unknown[]): Promise<unknown> =>
    (await calls.call(`store.${method}`, params)).value;
  return {
    get: async (key) => {
      // A list, as JSON has no word for what is not there.
      const [value] = (await call("get", key)) as readonly JsonValue[];
      return value;
    },
    set: async (key, value, { ttlMs } = {}) => {
      await call("set", key, jsonOf(key, value), ttlMs ?? null);
    },
    delete: async (key) => (await call("delete", key)) === true,
    // The host answers with the entries of the port.
    list: async (prefix, { limit, after } = {}) =>
      (await call("list", prefix, limit ?? null, after ?? null)) as readonly StoreEntry<JsonValue>[],
  };
}

/** The network, as far as the host reaches for the plugin. */
export function createGuestHttp(calls: GuestCalls): Http {
  return {
    request: async (url, { body, signal, ...request }: HttpRequest = {}) => {
      const isText = typeof body === "string";
      const reply = await calls.call("http.request", [url, { ...request, ...(isText && { body }) }], {
        signal,
        ...(!isText && { attachment: body }),
      });
      // The host answers with the port's own answer, its body as the attachment.
      const { status, headers } = reply.value as {
        status: number;
        headers: Readonly<Record<string, string>>;
      };
      return httpResponseOf(status, headers, reply.attachment ?? new Uint8Array(0));
    },
  };
}

/** Time as the program has it: the machine's, or one that is told and slept by the host. */
export class GuestClock implements Clock {
  readonly #calls: GuestCalls;
  #nowMs: number | null = null;

  constructor(calls: GuestCalls) {
    this.#calls = calls;
  }

  /** @param nowMs `null` for the machine's time */
  setTime(nowMs: number | null): void {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs ?? systemClock.now();
  }

  async sleep(durationMs: number, { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (this.#nowMs === null) return systemClock.sleep(durationMs, signal === undefined ? {} : { signal });
    await this.#calls.call("clock.sleep", [durationMs], { signal });
  }
}
