import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PermissionSet } from "../../runtime/contract/index.ts";
import { hashPlugin } from "../../runtime/host/plugin-hash.ts";
import { readLock, writeLock } from "../../runtime/host/plugin-lock.ts";
import { PluginPins, pinOf } from "../../runtime/host/plugin-pins.ts";
import { pluginRootOf } from "../../runtime/host/plugin-root.ts";
import { createLogger } from "../../telemetry/index.ts";

let folder = "";
let root = "";
let path = "";
let lines: string[] = [];
let pins: PluginPins;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pins-"));
  root = join(folder, "echo");
  path = join(folder, "telegraphist.lock");
  await mkdir(root);
  await writeFile(join(root, "index.ts"), "export default 1;\n");
  lines = [];
  pins = new PluginPins({ path, logger: createLogger({ write: (line) => lines.push(line) }) });
});
afterEach(() => rm(folder, { recursive: true }));

const hold = async (requested: PermissionSet, version = "1.0.0") =>
  pins.hold("echo", await pinOf({ use: "./echo", root, version, requested }));

describe("PluginPins.hold()", () => {
  test("pins what it sees first, in a form that is made for review", async () => {
    await hold({ telegram: ["messages:send", "messages:read", "messages:read"], net: [] });
    expect(await Bun.file(path).json()).toEqual({
      version: 1,
      plugins: {
        echo: {
          use: "./echo",
          version: "1.0.0",
          hash: await hashPlugin(root),
          requested: { telegram: ["messages:read", "messages:send"] },
        },
      },
    });
    expect(lines.join()).toContain("Plugin pinned");
  });

  test("says nothing of a plugin that is as it was", async () => {
    await hold({ chats: ["*"] });
    lines = [];
    await hold({ chats: ["*"] });
    expect(lines).toEqual([]);
  });

  test("pins changed code anew that asks for no more, and tells so", async () => {
    await hold({ chats: ["*"] });
    await writeFile(join(root, "other.ts"), "export {};\n");
    await hold({ chats: ["@ada"] }, "1.1.0");
    expect((await readLock(path)).get("echo")).toMatchObject({
      version: "1.1.0",
      hash: await hashPlugin(root),
    });
    expect(lines.join()).toContain("Plugin changed, and pinned anew");
  });

  test("refuses what asks for more, until a person has granted it", async () => {
    await hold({ chats: ["@ada"] });
    const wider = { chats: ["*"], net: ["example.com"] };
    await expect(hold(wider)).rejects.toMatchObject({
      code: "HOST_REQUESTS_WIDENED",
      message: expect.stringContaining(
        "(chats *, net example.com): look it over, then run telegraphist plugin grant",
      ),
      data: { plugin: "echo", wider: ["chats *", "net example.com"] },
    });
    // What was narrowed in between may not be widened again without a word.
    await hold({ chats: [] });
    await expect(hold({ chats: ["@ada"] })).rejects.toMatchObject({ code: "HOST_REQUESTS_WIDENED" });
    const pin = await pinOf({ use: "./echo", root, version: "1.0.0", requested: wider });
    await writeLock(path, new Map([["echo", pin]]));
    await hold(wider);
  });

  test("keeps the pins of others, sorted, when several are held at once", async () => {
    const pin = await pinOf({ use: "./echo", root, version: "1.0.0", requested: {} });
    await Promise.all(["zebra", "ant", "bee"].map((name) => pins.hold(name, pin)));
    const { plugins } = await Bun.file(path).json();
    expect(Object.keys(plugins)).toEqual(["ant", "bee", "zebra"]);
  });

  test.each(["", "{", "[]", '{"version":2,"plugins":{}}', '{"version":1,"plugins":{"echo":{"use":"x"}}}'])(
    "takes a damaged file for an error, not a new start: %s",
    async (text) => {
      await writeFile(path, text);
      await expect(hold({})).rejects.toMatchObject({ code: "HOST_LOCK_DAMAGED" });
      expect(await Bun.file(path).text()).toBe(text);
    },
  );

  test("lets a plugin start where the file cannot be written, and tells so", async () => {
    pins = new PluginPins({
      path: join(folder, "nowhere", "telegraphist.lock"),
      logger: createLogger({ write: (line) => lines.push(line) }),
    });
    await hold({});
    expect(lines.join()).toContain("HOST_LOCK_UNWRITABLE");
  });
});

test("writeLock() leaves nothing behind when it fails", async () => {
  await mkdir(path);
  await expect(writeLock(path, new Map())).rejects.toMatchObject({ code: "HOST_LOCK_UNWRITABLE" });
  expect(await Array.fromAsync(new Bun.Glob("*.new").scan(folder))).toEqual([]);
  await expect(readLock(path)).rejects.toMatchObject({ code: "HOST_LOCK_UNREADABLE" });
});

describe("hashPlugin()", () => {
  test("sees every file by path and content, and nothing that is installed", async () => {
    const before = await hashPlugin(root);
    await mkdir(join(root, "node_modules"));
    await writeFile(join(root, "node_modules", "x.js"), "");
    expect(await hashPlugin(root)).toBe(before);
    await mkdir(join(root, "sub"));
    await writeFile(join(root, "sub", ".hidden.ts"), "");
    const deeper = await hashPlugin(root);
    expect(deeper).not.toBe(before);
    await symlink("../elsewhere", join(root, "link"));
    expect(await hashPlugin(root)).not.toBe(deeper);
  });

  test("of a file is the hash of its bytes", async () => {
    const digest = new Bun.CryptoHasher("sha256").update("export default 1;\n").digest("hex");
    expect(await hashPlugin(join(root, "index.ts"))).toBe(`sha256-${digest}`);
  });

  test("says so when there is nothing to read", async () => {
    await expect(hashPlugin(join(folder, "none"))).rejects.toMatchObject({ code: "HOST_PLUGIN_UNREADABLE" });
  });

  test("gives up on a folder that is no plugin's", async () => {
    await writeFile(join(root, "disk.img"), "");
    await truncate(join(root, "disk.img"), 257 * 1024 * 1024);
    await expect(hashPlugin(root)).rejects.toMatchObject({ code: "HOST_PLUGIN_TOO_LARGE" });
  });
});

test("pluginRootOf() is the file that is named, or the folder of the plugin or package", async () => {
  const inPackage = join(folder, "node_modules", "some-plugin", "dist", "index.js");
  await mkdir(join(inPackage, ".."), { recursive: true });
  await writeFile(join(folder, "node_modules", "some-plugin", "package.json"), "{}");
  expect(await pluginRootOf("./echo", join(root, "index.ts"), folder)).toBe(root);
  expect(await pluginRootOf("./echo/index.ts", join(root, "index.ts"), folder)).toBe(join(root, "index.ts"));
  expect(await pluginRootOf("some-plugin", inPackage, folder)).toBe(
    join(folder, "node_modules", "some-plugin"),
  );
  expect(await pluginRootOf("autoresponder", "/x/plugins/autoresponder/index.ts", folder)).toBe(
    "/x/plugins/autoresponder",
  );
});
