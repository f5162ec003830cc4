import { expect, test } from "bun:test";
import { startTestbed } from "telegraphist/testing";

test("answers contacts in private chats, and nobody else", async () => {
  await using bed = await startTestbed(`${import.meta.dir}/echo.ts`, { config: { prefix: "Heard: " } });
  const ada = bed.person("Ada", { isContact: true });
  await bed.person("Stranger").writes("Hello");
  await ada.writes("Hello");
  expect(await bed.sent()).toMatchObject({ text: "Heard: Hello", chat: { id: ada.id } });
  await bed.quiet();
  expect(bed.outbox()).toEqual([]);
});
