import { expect, test } from "bun:test";
import { firstLineCredit } from "../../runtime/guest/index.ts";
import { LogLines } from "../../runtime/guest/log-lines.ts";

function createLines() {
  const told: unknown[] = [];
  const lines = new LogLines({ tell: (_, value) => void told.push(value) }, () => 7);
  return { told, lines };
}

test("LogLines.log() writes lines with what of their fields JSON has a form for", () => {
  const { told, lines } = createLines();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const log = lines.log({ isHandlers: true });
  log.info("one", { error: new TypeError("no"), size: 12n });
  log.warn("two", circle);
  lines.log().debug("three");
  expect(told).toEqual([
    expect.objectContaining({ level: "info", message: "one", within: 7, isHandlers: true }),
    expect.objectContaining({ level: "warn", message: "two", fields: { unreadable: "TypeError" } }),
    { level: "debug", message: "three", within: 7 },
  ]);
  expect(told[0]).toMatchObject({ fields: { error: { message: "no" }, size: "12" } });
});

test("LogLines.give() tells how many lines were left out without credit", () => {
  const { told, lines } = createLines();
  const { info } = lines.log();
  for (let line = 0; line < firstLineCredit + 5; line++) info("line");
  expect(told).toHaveLength(firstLineCredit);
  lines.give(2);
  info("after");
  info("too late");
  expect(told.slice(firstLineCredit)).toEqual([
    expect.objectContaining({ level: "warn", fields: { lines: 5 } }),
    expect.objectContaining({ message: "after" }),
  ]);
});
