import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PermissionSet, parsePluginName } from "../../runtime/contract/index.ts";
import { acceptPlugin } from "../../runtime/host/accept-plugin.ts";
import type { PermissionQuestion } from "../../runtime/host/permission-question.ts";
import { readLock } from "../../runtime/host/plugin-lock.ts";
import { PluginPins } from "../../runtime/host/plugin-pins.ts";
import { createLogger } from "../../telemetry/index.ts";

const name = parsePluginName("echo");
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "accept-"));
  await writeFile(join(folder, "echo.ts"), "");
});
afterEach(() => rm(folder, { recursive: true }));

const entryWith = (allow: PermissionSet, deny: PermissionSet = {}) => ({
  ...{ name, use: "./echo.ts", accounts: [], allow, deny, config: {} },
});
const manifest = {
  version: "1.0.0",
  permissions: { telegram: ["messages:read", "messages:send"], net: ["example.com"], chats: ["*"] },
} as const;

describe("acceptPlugin()", () => {
  test("asks for what is neither allowed nor denied, each by itself", async () => {
    const asked: PermissionQuestion[] = [];
    const askPermission = async (question: PermissionQuestion) => {
      asked.push(question);
      return question.permission === "telegram";
    };
    const entry = entryWith({ telegram: ["messages:read"], chats: ["@ada"] }, { net: ["*"] });
    const accepted = await acceptPlugin(manifest, entry, {
      pluginFolder: "/none",
      baseFolder: folder,
      askPermission,
    });
    expect(asked).toEqual([{ plugin: name, permission: "telegram", entry: "messages:send" }]);
    expect(accepted.allow).toEqual({ telegram: ["messages:read", "messages:send"], chats: ["@ada"] });
  });

  test("grants nothing that was answered with no, or that nobody was asked for", async () => {
    const entry = entryWith({});
    const askPermission = async () => false;
    expect(
      (await acceptPlugin(manifest, entry, { pluginFolder: "/none", baseFolder: folder, askPermission }))
        .allow,
    ).toEqual({});
    expect(
      (await acceptPlugin(manifest, entry, { pluginFolder: "/none", baseFolder: folder })).allow,
    ).toEqual({});
  });

  test("pins before it asks, and does not ask for a plugin that may not start", async () => {
    const path = join(folder, "telegraphist.lock");
    const pins = new PluginPins({ path, logger: createLogger({ write: () => undefined }) });
    const narrow = { version: "1.0.0", permissions: {} };
    await acceptPlugin(narrow, entryWith({}), { pluginFolder: "/none", baseFolder: folder, pins });
    expect((await readLock(path)).get("echo")).toMatchObject({ use: "./echo.ts", requested: {} });
    const askPermission = () => Promise.reject(new Error("was asked"));
    await expect(
      acceptPlugin(manifest, entryWith({}), {
        pluginFolder: "/none",
        baseFolder: folder,
        pins,
        askPermission,
      }),
    ).rejects.toMatchObject({ code: "HOST_REQUESTS_WIDENED" });
  });
});
