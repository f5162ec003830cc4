import { describe, expect, test } from "bun:test";
import { type Http, type HttpRequest, TelegraphistError } from "../../runtime/contract/index.ts";
import { createGuestFetch } from "../../runtime/guest/guest-fetch.ts";
import { httpResponseOf } from "../../runtime/guest/index.ts";

/** A port that answers all with the same, and what it was asked. */
function createPort(status = 200, text = '{"n":1}') {
  const asked: (HttpRequest & { readonly url: string })[] = [];
  const http: Http = {
    async request(url, request = {}) {
      asked.push({ url, ...request });
      return httpResponseOf(status, { "content-type": "application/json" }, new TextEncoder().encode(text));
    },
  };
  return { asked, fetch: createGuestFetch(() => http) };
}

describe("fetch() of a plugin", () => {
  test("is a request of the port, and answers as the web's does", async () => {
    const { fetch, asked } = createPort();
    const response = await fetch(new URL("https://api.example/x"), {
      method: "POST",
      body: new URLSearchParams({ a: "b" }),
      headers: { "X-One": "1" },
    });
    expect(response.ok).toBe(true);
    expect(await response.json()).toEqual({ n: 1 });
    const [request] = asked;
    expect(request).toMatchObject({ url: "https://api.example/x", method: "POST" });
    expect(request?.headers).toMatchObject({
      "x-one": "1",
      "content-type": expect.stringContaining("application/x-www-form-urlencoded"),
    });
    expect(new TextDecoder().decode(request?.body as Uint8Array)).toBe("a=b");
  });

  test("takes a Request, and answers without a body where there is none", async () => {
    const { fetch, asked } = createPort(204, "");
    const response = await fetch(new Request("https://api.example/y", { method: "DELETE" }));
    expect(response.body).toBeNull();
    expect(asked[0]).toMatchObject({ url: "https://api.example/y", method: "DELETE" });
    expect(asked[0]).not.toHaveProperty("body");
  });

  test("rejects with what the port throws, or the reason of its signal", async () => {
    const refusal = new TelegraphistError({
      code: "PERMISSION_DENIED",
      category: "PERMISSION",
      message: "no",
    });
    const fetch = createGuestFetch(() => ({ request: () => Promise.reject(refusal) }));
    await expect(fetch("https://api.example/")).rejects.toBe(refusal);
    const signal = AbortSignal.abort(new RangeError("enough"));
    await expect(fetch("https://api.example/", { signal })).rejects.toThrow("enough");
  });

  test("refuses what the host does not do, and all while the plugin is only looked at", async () => {
    const { fetch, asked } = createPort();
    await expect(fetch("https://api.example/", { redirect: "manual" })).rejects.toThrow("redirect");
    await expect(fetch("no address")).rejects.toThrow(TypeError);
    const early = createGuestFetch(() => null);
    await expect(early("https://api.example/")).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    expect(asked).toEqual([]);
  });
});
