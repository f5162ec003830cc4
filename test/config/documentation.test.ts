import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { checkText, configSchema, formatProblems, telegramScopes } from "../../config/index.ts";
import { permissionNames } from "../../runtime/contract/index.ts";

const page = await Bun.file(join(import.meta.dir, "../../docs/configuration.md")).text();
const least = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
const env = { TELEGRAM_API_ID: "1", TELEGRAM_API_HASH: "0123456789abcdef0123456789abcdef" };

describe("docs/configuration.md", () => {
  test("shows the least that works", () => {
    expect(checkText("telegraphist.yaml", least, env)).toMatchObject({
      ok: true,
      config: { accounts: { me: {} } },
    });
  });

  test("names every section, setting, permission, and scope", () => {
    for (const [section, schema] of Object.entries(configSchema.shape)) {
      expect(page).toContain(`\`${section}`);
      const inner = "unwrap" in schema ? schema.unwrap() : schema;
      if (!("shape" in inner)) continue;
      for (const key of Object.keys(inner.shape)) expect(page).toContain(`${section}.${key}`);
    }
    for (const name of [...permissionNames, ...telegramScopes]) expect(page).toContain(`\`${name}\``);
  });

  test("tells the defaults", () => {
    const result = checkText("/x/telegraphist.yaml", least, env);
    if (!result.ok) throw new Error("refused");
    const { admin, audit, limits, telemetry } = result.config;
    const { accounts, plugin, ...others } = limits;
    const groups = [accounts, audit, plugin, others, telemetry.log];
    const flat = [admin.port, admin.host, ...groups.flatMap(Object.values)];
    for (const value of flat) expect(page).toContain(`\`${value}\``);
  });

  test("shows mistakes as they are printed", () => {
    const text = `${least}\n\n\n\nadmin:\n  prot: 7331\n`;
    const result = checkText("telegraphist.yaml", text, env);
    if (result.ok) throw new Error("there was no problem");
    expect(page).toContain(formatProblems(result.problems, result));
  });
});
