import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { findPlugin, writeLock } from "../../runtime/host/index.ts";
import { fetchPlugin } from "../../runtime/host/plugin-from-url.ts";
import { temporaryFolder } from "../storage/fixture.ts";

const text = `import { definePlugin } from "telegraphist";
import type { Stats } from "node:fs";
export default definePlugin({} as never as Stats & never);`;

/** A server on this machine that answers every request alike. */
function serving(answer: () => Response) {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
  return {
    url: `http://127.0.0.1:${server.port}/plugin.ts`,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

async function fetched(answer: () => Response) {
  await using folder = await temporaryFolder();
  await using server = serving(answer);
  return await Bun.file(await fetchPlugin(server.url, join(folder.path, "plugins"))).text();
}

describe("fetchPlugin()", () => {
  test("keeps a file that imports telegraphist alone, and types", async () => {
    expect(await fetched(() => new Response(text))).toBe(text);
  });

  test.each([
    ["another import", () => new Response(`import "node:fs"; import("./more.ts");`), "HOST_URL_IMPORTS"],
    ["what is no TypeScript", () => new Response("<html>"), "HOST_URL_FAILED"],
    ["what is no text", () => new Response(new Uint8Array([0xff, 0xfe, 0xff])), "HOST_URL_FAILED"],
    ["what is not there", () => new Response("", { status: 404 }), "HOST_URL_FAILED"],
    ["a redirect", () => Response.redirect("http://127.0.0.1:9/"), "HOST_URL_FAILED"],
    ["more than 1 MiB", () => new Response("a".repeat(1024 ** 2 + 1)), "HOST_URL_TOO_LARGE"],
  ])("refuses %s", async (_, answer, code) => {
    await expect(fetched(answer)).rejects.toMatchObject({ code });
  });

  test("refuses what comes unprotected over a network", async () => {
    const fetching = fetchPlugin("http://example.com/plugin.ts", "/none");
    await expect(fetching).rejects.toMatchObject({ code: "HOST_URL_REFUSED" });
  });
});

describe("findPlugin() of an address", () => {
  test("finds the file that is pinned, and refuses one that is another by now", async () => {
    await using folder = await temporaryFolder();
    await using server = serving(() => new Response(text));
    const { path: baseFolder } = folder;
    const pluginFolder = join(baseFolder, ".telegraphist/plugins");
    const find = () => findPlugin(server.url, baseFolder, pluginFolder);
    await expect(find()).rejects.toMatchObject({ code: "HOST_URL_NOT_ADDED" });
    const path = await fetchPlugin(server.url, pluginFolder);
    await expect(find()).rejects.toMatchObject({ code: "HOST_URL_NOT_ADDED" });
    const hash = `sha256-${new Bun.CryptoHasher("sha256").update(text).digest("hex")}`;
    const pin = { use: server.url, version: "1.0.0", hash, requested: {} };
    await writeLock(join(baseFolder, "telegraphist.lock"), new Map([["far", pin]]));
    expect(await find()).toBe(path);
    await Bun.write(path, `${text}\n`);
    await expect(find()).rejects.toMatchObject({ code: "HOST_URL_CHANGED" });
  });
});
