import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { definePlugin, type Schema } from "../../runtime/contract/index.ts";
import { checkPluginConfig } from "../../runtime/host/index.ts";

const check = (config: Schema<unknown>, value: unknown) => {
  const about = { name: "p", version: "1.0.0", description: "", permissions: {} };
  return checkPluginConfig(definePlugin({ ...about, config, setup() {} }), value);
};

const from = z.strictObject({ from: z.string().optional() });
const settings = z.strictObject({ rules: z.array(z.strictObject({ answer: z.string(), when: from })) });

describe("checkPluginConfig()", () => {
  test("gives what the schema made, and checks a missing configuration as an empty one", async () => {
    const config = z.strictObject({ greeting: z.string().default("hi") });
    expect(await check(config, undefined)).toEqual({ ok: true, config: { greeting: "hi" } });
  });

  test("names each unknown key with those that are known in its place", async () => {
    const value = { rules: [{ answer: "x", when: { form: "a", to: 1 } }], rule: [] };
    expect(await check(settings, value)).toEqual({
      ok: false,
      issues: [
        { path: ["rules", 0, "when", "form"], message: 'unknown key "form"', knownKeys: ["from"] },
        { path: ["rules", 0, "when", "to"], message: 'unknown key "to"', knownKeys: ["from"] },
        { path: ["rule"], message: 'unknown key "rule"', knownKeys: ["rules"] },
      ],
    });
  });

  test("knows no keys of a schema that JSON Schema has no form of", async () => {
    const value = { since: new Date(0), untl: 1 };
    expect(await check(z.strictObject({ since: z.date() }), value)).toMatchObject({
      issues: [{ path: ["untl"], knownKeys: [] }],
    });
  });

  test("takes the issues of any Standard Schema as they are", async () => {
    const schema: Schema<unknown> = {
      "~standard": {
        version: 1,
        vendor: "by hand",
        validate: () => ({ issues: [{ message: "is odd", path: [{ key: "size" }] }] }),
      },
    };
    expect(await check(schema, {})).toEqual({ ok: false, issues: [{ path: ["size"], message: "is odd" }] });
  });
});
