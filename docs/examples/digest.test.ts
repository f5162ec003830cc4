import { expect, test } from "bun:test";
import { startTestbed } from "telegraphist/testing";

test("writes an hour after its first start, and in the morning", async () => {
  const startsAt = Date.UTC(2026, 0, 1, 3);
  await using bed = await startTestbed(`${import.meta.dir}/digest.ts`, { startsAt });
  await bed.clock.advance(3_600_000);
  expect(await bed.sent()).toMatchObject({ text: "An hour has passed" });
  await bed.clock.advance(4 * 3_600_000);
  expect(await bed.sent()).toMatchObject({ text: "Good morning" });
});
