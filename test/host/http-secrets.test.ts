import { afterAll, describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { Guard } from "../../runtime/host/guard.ts";
import type { HttpSecret } from "../../runtime/host/http-secret.ts";
import { createPluginHttp } from "../../runtime/host/plugin-http.ts";
import { createHandClock } from "../../runtime/scope/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { startTelemetry } from "../../telemetry/sdk/index.ts";

const value = 'walnut"harmonica/42';

function echo(request: Request): Response {
  const { pathname } = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  if (pathname === "/away") return Response.redirect(`http://127.0.0.1:${stranger.port}/json`, 307);
  if (pathname === "/in-header")
    return new Response("", { headers: { "x-seen": headers.authorization ?? "" } });
  if (pathname === "/cut") {
    // Says that it is packed, and is not.
    return new Response(headers.authorization ?? "", { headers: { "content-encoding": "gzip" } });
  }
  if (pathname === "/in-address") return new Response(encodeURIComponent(headers.authorization ?? ""));
  if (pathname === "/base64") return new Response(Buffer.from(value).toString("base64"));
  if (pathname === "/zipped") {
    return new Response(gzipSync(headers.authorization ?? ""), { headers: { "content-encoding": "gzip" } });
  }
  return Response.json(headers);
}

const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: echo });
const stranger = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: echo });
afterAll(() => Promise.all([server.stop(true), stranger.stop(true)]));

const secret: HttpSecret = {
  name: "weather",
  value,
  hosts: [`127.0.0.1:${server.port}`, "10.1.2.3:80"],
  header: "Authorization",
  format: "Bearer {}",
  plugins: ["echo"],
};

function httpOf(plugin: string) {
  const name = parsePluginName(plugin);
  const net = [`127.0.0.1:${server.port}`, `127.0.0.1:${stranger.port}`, "10.1.2.3:80"];
  const counters = { events: 0, errors: 0, calls: 0, denied: 0 };
  const guard = new Guard(name, { requested: { net: ["*"] }, allow: { net }, deny: {} }, counters);
  const { signal } = new AbortController();
  return createPluginHttp({ guard, clock: createHandClock(), signal, secrets: [secret] });
}

const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;

describe("http.secrets", () => {
  test("reach the host, in place of what the plugin gave, and come back as stars", async () => {
    const given = { headers: { authorization: "mine", range: "bytes=0-1" } };
    const seen = (await httpOf("echo").request(at("/json"), given)).json();
    // JSON writes the quotation mark with a backslash before it.
    expect(seen).toMatchObject({ authorization: `Bearer ${"*".repeat(value.length + 1)}` });
    expect(seen).not.toHaveProperty("range");
  });

  test.each(["/in-header", "/in-address", "/base64", "/zipped"])("are masked in %s", async (path) => {
    const { headers, text } = await httpOf("echo").request(at(path));
    const all = JSON.stringify(headers) + text();
    expect(all).toContain("****");
    expect(all).not.toMatch(/walnut|harmonica|d2Fsbn/);
  });

  test("are of no other plugin, and go to no other host", async () => {
    expect((await httpOf("other").request(at("/json"))).json()).not.toHaveProperty("authorization");
    expect((await httpOf("echo").request(at("/away"))).json()).not.toHaveProperty("authorization");
  });

  test("do not leave the machine in the clear", async () => {
    await expect(httpOf("echo").request("http://10.1.2.3/")).rejects.toMatchObject({
      code: "HTTP_SECRET_EXPOSED",
      message: 'Cannot make HTTP request to 10.1.2.3 with http.secrets "weather": it is not https',
    });
  });

  test("are in no trace and no error", async () => {
    const logger = createLogger({ write: () => undefined });
    const options = { serviceName: "host", version: "0.0.0", traces: true, metrics: false, logger };
    const telemetry = await startTelemetry(options);
    const http = httpOf("echo");
    await http.request(at("/json"));
    const failure: unknown = await http.request(at("/cut")).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "HTTP_FAILED" });
    const traces = JSON.stringify(telemetry.recentTraces(10));
    await telemetry.stop();
    expect(traces).toContain("broker.http");
    expect(traces + JSON.stringify(failure) + String(failure)).not.toMatch(/walnut|harmonica/);
  });
});
