import { expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { createHandClock } from "../../../runtime/scope/index.ts";
import { Correspondents } from "../../../runtime/telegram/flood/correspondents.ts";

test("Correspondents asks again after a while for who has not written, and never for who has", async () => {
  const clock = createHandClock();
  const { signal } = new AbortController();
  const ada = parseChatId("42");
  const answers = [false, true];
  let asked = 0;
  const correspondents = new Correspondents(async () => answers[asked++] ?? false, clock);
  expect(await correspondents.hasWritten(ada, signal)).toBe(false);
  await clock.advance(59_999);
  expect(await correspondents.hasWritten(ada, signal)).toBe(false);
  expect(asked).toBe(1);
  await clock.advance(1);
  expect(await correspondents.hasWritten(ada, signal)).toBe(true);
  await clock.advance(3_600_000);
  expect(await correspondents.hasWritten(ada, signal)).toBe(true);
  expect(asked).toBe(2);
});
