// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration's placeholders look the same
import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { configSchema, jsonSchema, telegramScopes } from "../../config/index.ts";
import * as contract from "../../runtime/contract/index.ts";

describe("jsonSchema()", () => {
  test("is what config/telegraphist.schema.json holds", async () => {
    const file: unknown = await Bun.file("config/telegraphist.schema.json").json();
    expect(file).toEqual(JSON.parse(JSON.stringify(jsonSchema())));
  });

  test("describes every top-level key and knows defaults", () => {
    const { properties = {} } = jsonSchema();
    expect(Object.keys(properties)).toEqual(Object.keys(configSchema.shape));
    expect(
      Object.values(properties).every((schema) => typeof schema === "object" && schema.description),
    ).toBe(true);
    expect(jsonSchema()).toHaveProperty(["properties", "admin", "properties", "port", "default"], 7330);
  });

  test("lets a placeholder stand where a number or choice is wanted", () => {
    const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(jsonSchema())));
    const written = {
      version: 1,
      telegram: { apiId: "${TELEGRAM_API_ID}", apiHash: "${TELEGRAM_API_HASH}" },
      accounts: { me: { phone: "${PHONE:-}" } },
      telemetry: { traces: "${TRACES:-true}", log: { level: "${LEVEL}" } },
    };
    expect(schema.safeParse(written).success).toBe(true);
    expect(schema.safeParse({ ...written, version: "one" }).success).toBe(false);
    expect(schema.safeParse({ ...written, storge: {} }).success).toBe(false);
  });
});

describe("telegramScopes", () => {
  test("are the contract's", () => {
    expect(telegramScopes).toEqual(contract.telegramScopes);
  });
});
