import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import * as groups from "../../runtime/sandbox/system-calls.ts";

/** Headers that distributions ship with their C library. */
const headers = ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"];
const text = (await Promise.all(headers.map((path) => readFile(path, "utf8").catch(() => "")))).join("\n");
const calls = Object.values(groups).flatMap((group) => Object.entries(group));

test.if(text.trim() !== "")("the numbers of x86_64 are those of the kernel's header", () => {
  const official = new Map(
    [...text.matchAll(/^#define __NR_(\w+)\s+(\d+)$/gm)].map(([, name, number]) => [name, Number(number)]),
  );
  // A header that is older than the table lacks the newest calls.
  const wrong = calls.filter(([name, [number]]) => (official.get(name) ?? number) !== number);
  expect(wrong).toEqual([]);
});

test("no number stands for two calls", () => {
  for (const column of [0, 1] as const) {
    const numbers = calls.map(([, call]) => call[column]).filter((number) => number !== null);
    expect(new Set(numbers).size).toBe(numbers.length);
  }
});
