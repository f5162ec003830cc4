import { describe, expect, test } from "bun:test";
import { TelegraphistError } from "../../runtime/contract/index.ts";
import { ask, askOpenly, plan, sampleAdmin } from "./sample-admin.ts";

const post = { method: "POST" };

describe("/api/config", () => {
  test("plans and applies, for whoever has the token", async () => {
    const { admin } = sampleAdmin();
    for (const route of ["/api/config/plan", "/api/config/apply"]) {
      expect(await (await ask(admin, route, post)).json()).toEqual(plan);
      expect((await askOpenly(admin, route, post)).status).toBe(401);
    }
  });

  test("answers 422 with the reason when the file cannot be applied", async () => {
    const refused = () =>
      Promise.reject(
        new TelegraphistError({
          code: "APP_RESTART_NEEDED",
          category: "INVALID",
          message: "Cannot apply the configuration to a program that runs: start it again",
        }),
      );
    const { admin } = sampleAdmin({ applyConfig: refused });
    const response = await ask(admin, "/api/config/apply", post);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { code: "APP_RESTART_NEEDED" } });
  });
});

test("/api/plugins/{name}/reload reloads the plugin of that name alone", async () => {
  const { admin, asked } = sampleAdmin();
  expect((await ask(admin, "/api/plugins/autoresponder/reload", post)).status).toBe(200);
  expect((await ask(admin, "/api/plugins/nobody/reload", post)).status).toBe(404);
  expect(asked).toEqual(["reload autoresponder"]);
});
