import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { metricNames, spanNames } from "../../telemetry/index.ts";

const page = await Bun.file(join(import.meta.dir, "../../docs/telemetry.md")).text();

/** The first cell of each row in a section's table. */
function namesIn(section: string): string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = ""]) => name).sort();
}

describe("docs/telemetry.md", () => {
  test("lists every span", () => {
    expect(namesIn("Spans")).toEqual(Object.values(spanNames).sort());
  });

  test("lists every metric", () => {
    expect(namesIn("Metrics")).toEqual([...metricNames, "process.memory.usage"].sort());
  });
});
