import { describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";

const example = join(import.meta.dir, "../../config/telegraphist.example.yaml");
const env = { TELEGRAM_API_ID: "123", TELEGRAM_API_HASH: "0123456789abcdef0123456789abcdef" };

describe("loadConfig()", () => {
  test("takes the example as it is", async () => {
    const result = await loadConfig({ path: example, env });
    expect(result).toMatchObject({ ok: true, config: { telegram: { apiId: 123 }, accounts: { me: {} } } });
  });

  test("finds settings in the example that each plugin takes", async () => {
    const result = await loadConfig({ path: example, env });
    if (!result.ok) throw new Error("refused");
    const entries = Object.entries(result.config.plugins);
    expect(entries.map(([name]) => name)).toEqual(["autoresponder", "media-archiver", "channel-inviter"]);
    for (const [name, { allow, config }] of entries) {
      const { default: plugin } = await import(`../../plugins/${name}/index.ts`);
      expect(await plugin.config["~standard"].validate(config)).not.toHaveProperty("issues");
      expect(plugin.permissions.telegram).toEqual(expect.arrayContaining(allow.telegram ?? []));
    }
  });

  test("asks for the example's variables when they are not set", async () => {
    const result = await loadConfig({ path: example, env: {} });
    expect(result).toMatchObject({
      ok: false,
      problems: [{ path: "telegram.apiId" }, { path: "telegram.apiHash" }],
    });
  });

  test("says where to begin when there is no file", async () => {
    const result = await loadConfig({ path: "/nowhere/bot.yaml", env });
    expect(result).toMatchObject({ ok: false, problems: [{ message: "cannot read file: there is none" }] });
  });

  test.each([
    ["a file that is too large", Buffer.alloc(1024 * 1024 + 1, "#"), "cannot read file: 1048577 bytes"],
    ["bytes that are not UTF-8", Buffer.from([0x61, 0xff, 0xfe]), "cannot read file: it is not UTF-8"],
  ])("refuses %s", async (_, bytes, message) => {
    const folder = await mkdtemp(join(tmpdir(), "telegraphist-"));
    try {
      const path = join(folder, "bot.yaml");
      await writeFile(path, bytes);
      const result = await loadConfig({ path, env });
      expect(result.ok ? "" : result.problems[0]?.message).toStartWith(message);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("refuses a folder", async () => {
    const result = await loadConfig({ path: tmpdir(), env });
    expect(result).toMatchObject({ ok: false, problems: [{ message: "cannot read file: EISDIR" }] });
  });
});
