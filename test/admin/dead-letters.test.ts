import { describe, expect, test } from "bun:test";
import { TelegraphistError } from "../../runtime/contract/index.ts";
import { ask, askOpenly, deadLetter, sampleAdmin } from "./sample-admin.ts";

describe("/api/dead-letters", () => {
  test("lists what was put aside, to whoever has the token", async () => {
    const { admin } = sampleAdmin();
    expect(await (await ask(admin, "/api/dead-letters")).json()).toEqual({ deadLetters: [deadLetter] });
    expect((await askOpenly(admin, "/api/dead-letters")).status).toBe(401);
  });

  test("replays and drops one by its number", async () => {
    const { admin, asked } = sampleAdmin();
    expect((await ask(admin, "/api/dead-letters/7/replay", { method: "POST" })).status).toBe(200);
    expect((await ask(admin, "/api/dead-letters/7", { method: "DELETE" })).status).toBe(200);
    expect(asked).toEqual(["replay 7", "drop 7"]);
  });

  test("answers 404 for a number that there is none of", async () => {
    const unknown = () =>
      Promise.reject(
        new TelegraphistError({
          code: "DEAD_LETTER_UNKNOWN",
          category: "NOT_FOUND",
          message: 'Cannot replay dead letter "9": there is none of that number',
        }),
      );
    const { admin } = sampleAdmin({ replayDeadLetter: unknown });
    const response = await ask(admin, "/api/dead-letters/9/replay", { method: "POST" });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "DEAD_LETTER_UNKNOWN" } });
  });
});
