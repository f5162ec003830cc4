import { afterAll, describe, expect, test } from "bun:test";
import {
  type Http,
  type HttpRequest,
  type PermissionSet,
  parsePluginName,
} from "../../runtime/contract/index.ts";
import { Guard } from "../../runtime/host/guard.ts";
import { pinnedRequest } from "../../runtime/host/pinned-request.ts";
import { createPluginHttp } from "../../runtime/host/plugin-http.ts";
import { isPrivateAddress } from "../../runtime/host/private-address.ts";
import { createHandClock } from "../../runtime/scope/index.ts";
import { certificate } from "./certificate.ts";

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/text") return new Response("plain");
    if (pathname === "/hang") return new Promise<Response>(() => undefined);
    if (pathname === "/loop") return Response.redirect("/loop", 302);
    if (pathname === "/away") return Response.redirect("http://example.invalid/", 302);
    if (pathname === "/headers") {
      return new Response([...request.headers].map((header) => header.join(": ")).join("\n"));
    }
    if (pathname === "/to-other") return Response.redirect(`http://127.0.0.1:${other.port}/headers`, 307);
    if (pathname === "/to-metadata") return Response.redirect("http://169.254.169.254/latest", 302);
    if (pathname === "/moved") return Response.redirect("/echo", 303);
    return Response.json({
      host: request.headers.get("host"),
      method: request.method,
      authorization: request.headers.get("authorization"),
    });
  },
});
afterAll(() => server.stop(true));

/** Another origin that answers the same. */
const other = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) => new Response([...request.headers].map((header) => header.join(": ")).join("\n")),
});
afterAll(() => other.stop(true));

const origin = `http://127.0.0.1:${server.port}`;
const clock = createHandClock();

function httpWith(
  net: readonly string[],
  signal = new AbortController().signal,
  deny: PermissionSet = {},
): Http {
  const allow: PermissionSet = { net };
  const counters = { events: 0, errors: 0, calls: 0, denied: 0 };
  const guard = new Guard(parsePluginName("echo"), { requested: { net: ["*"] }, allow, deny }, counters);
  return createPluginHttp({ guard, clock, signal });
}

const named = httpWith([`127.0.0.1:${server.port}`, `127.0.0.1:${other.port}`]);

describe("Http.request()", () => {
  test("answers from a granted host", async () => {
    const response = await named.request(`${origin}/echo`, { headers: { authorization: "x" } });
    expect(response.status).toBe(200);
    expect(response.headers["content-type"]).toContain("application/json");
    expect(response.json()).toMatchObject({ method: "GET", authorization: "x" });
  });

  test("says so when an answer is not JSON", async () => {
    const response = await named.request(`${origin}/text`);
    expect(response.text()).toBe("plain");
    expect(() => response.json()).toThrow(expect.objectContaining({ code: "HTTP_INVALID_JSON" }));
  });

  test("follows a redirect as a browser does", async () => {
    const response = await named.request(`${origin}/moved`, { method: "POST", body: "x" });
    expect(response.json()).toMatchObject({ method: "GET" });
  });

  test("refuses a host that is not granted, at once and after a redirect", async () => {
    await expect(httpWith([]).request(origin)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    await expect(named.request(`${origin}/away`)).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
      message: expect.stringContaining("example.invalid"),
    });
  });

  test("refuses a private address that only a wildcard covers", async () => {
    await expect(httpWith(["*"]).request(origin)).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
      message: expect.stringContaining("private address"),
    });
  });

  test("refuses a private address that a redirect leads to", async () => {
    const open = httpWith(["*", `127.0.0.1:${server.port}`]);
    await expect(open.request(`${origin}/to-metadata`)).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
      data: { value: "169.254.169.254:80", fix: 'add "169.254.169.254:80" to plugins.echo.allow.net' },
    });
  });

  test("gives no way to name another host than that of the address", async () => {
    const response = await named.request(`${origin}/echo`, { headers: { Host: "internal.example" } });
    expect(response.json()).toMatchObject({ host: `127.0.0.1:${server.port}` });
  });

  test("takes a name with a dot at its end for the same name", async () => {
    const dotted = named.request(`http://example.invalid.:${server.port}/`);
    await expect(dotted).rejects.toMatchObject({ data: { value: `GET example.invalid:${server.port}` } });
  });

  test("holds the methods that an entry names", async () => {
    const reading = httpWith([`GET,HEAD 127.0.0.1:${server.port}`]);
    expect((await reading.request(`${origin}/text`, { method: "HEAD" })).status).toBe(200);
    await expect(reading.request(`${origin}/text`, { method: "DELETE" })).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
      data: { value: `DELETE 127.0.0.1:${server.port}` },
    });
  });

  test.each(["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "localhost", "[::1]"])(
    "knows a private address however it is spelt: %s",
    async (host) => {
      await expect(httpWith(["*"]).request(`http://${host}:${server.port}/`)).rejects.toMatchObject({
        code: "PERMISSION_DENIED",
        message: expect.stringContaining("private address"),
      });
    },
  );

  test("reaches a private address by a name only where the address is allowed, and never a denied one", async () => {
    // `localhost` stands for itself; any other name for what its address is.
    const byName = httpWith([`localhost:${server.port}`]);
    expect((await byName.request(`http://localhost:${server.port}/text`)).text()).toBe("plain");
    const denied = httpWith(["*", `127.0.0.1:${server.port}`], undefined, { net: ["127.0.0.1"] });
    await expect(denied.request(`http://localhost:${server.port}/`)).rejects.toMatchObject({
      data: { reason: "denied" },
    });
  });

  test("leaves out the headers that are the host's, and what another origin may not be told", async () => {
    const headers = { connection: "close, x", "x-api-key": "k", cookie: "c", accept: "text/plain", te: "x" };
    const seen = (await named.request(`${origin}/headers`, { headers })).text();
    expect(seen).toContain("x-api-key");
    expect(seen).not.toMatch(/te:|close, x/);
    const other = (await named.request(`${origin}/to-other`, { headers })).text();
    expect(other).toContain("accept: text/plain");
    expect(other).not.toMatch(/x-api-key|cookie/);
  });

  test.each([
    ["http://ada:pw@127.0.0.1/", {}],
    ["http://127.0.0.1/", { headers: { "bad name": "x" } }],
    ["http://127.0.0.1/", { method: "CONNECT" }],
  ])("refuses a request to %s as %j", async (url, request) => {
    // What a plugin gives is held by no compiler.
    await expect(named.request(url, request as HttpRequest)).rejects.toMatchObject({ code: "HTTP_FAILED" });
  });

  test("bounds the answer, the redirects, and the time", async () => {
    await expect(named.request(origin, { maxResponseBytes: 3 })).rejects.toMatchObject({
      code: "HTTP_TOO_LARGE",
    });
    await expect(named.request(`${origin}/loop`)).rejects.toMatchObject({ code: "HTTP_FAILED" });
    const hanging = named.request(`${origin}/hang`, { timeoutMs: 1_000 });
    hanging.catch(() => undefined);
    await clock.advance(1_000);
    await expect(hanging).rejects.toMatchObject({ code: "HTTP_TIMEOUT" });
  });

  test("ends with the plugin", async () => {
    const controller = new AbortController();
    const hanging = httpWith([`127.0.0.1:${server.port}`], controller.signal).request(`${origin}/hang`);
    controller.abort();
    await expect(hanging).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test.each(["file:///etc/passwd", "nonsense"])("refuses the address %s", async (url) => {
    await expect(named.request(url)).rejects.toMatchObject({ code: "HTTP_FAILED" });
  });
});

describe("pinnedRequest()", () => {
  test("connects to the address, and tells the name", async () => {
    const url = new URL(`http://example.invalid:${server.port}/echo`);
    const { url: pinned, ...init } = pinnedRequest(url, new Headers(), "127.0.0.1");
    expect(await (await fetch(pinned, init)).json()).toMatchObject({
      host: `example.invalid:${server.port}`,
    });
    expect(init.tls).toEqual({ serverName: "example.invalid" });
    expect(pinnedRequest(url, init.headers, "2606:4700::1111").url.host).toBe(
      `[2606:4700::1111]:${server.port}`,
    );
  });

  test("holds the certificate against the name, on a connection that was used before too", async () => {
    await using secure = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: certificate,
      fetch: (request) => new Response(request.headers.get("host")),
    });
    const ask = async (name: string) => {
      const url = new URL(`https://${name}:${secure.port}/`);
      const { url: pinned, tls, headers } = pinnedRequest(url, new Headers(), "127.0.0.1");
      return (await fetch(pinned, { headers, tls: { ...tls, ca: certificate.cert } })).text();
    };
    expect(await ask("api.example.test")).toBe(`api.example.test:${secure.port}`);
    await expect(ask("other.example.test")).rejects.toThrow("ERR_TLS_CERT_ALTNAME_INVALID");
  });
});

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "169.254.169.254",
  "::1",
  "fd00::1",
  "::ffff:192.168.0.1",
  "::ffff:7f00:1",
  "2002:7f00:1::",
  "64:ff9b::7f00:1",
  "::7f00:1",
  "2001:db8::1",
  "fec0::1",
  "no address",
])("isPrivateAddress() is true of %s", (address) => expect(isPrivateAddress(address)).toBe(true));

test.each(["8.8.8.8", "2606:4700::1111"])("isPrivateAddress() is false of %s", (address) =>
  expect(isPrivateAddress(address)).toBe(false),
);
