import { expect, test } from "bun:test";
import { exceededLimit } from "../../runtime/sandbox/limit-watch.ts";
import { parseProcessUse } from "../../runtime/sandbox/process-use.ts";
import { mappedFiles } from "../../runtime/sandbox/runtime-rules.ts";

const status = [
  "Name:\tbun",
  "VmRSS:\t   1000 kB",
  "RssAnon:\t    900 kB",
  "VmPTE:\t     20 kB",
  "VmSwap:\t      3 kB",
  "Threads:\t7",
].join("\n");

test("parseProcessUse() counts swap and page tables as memory", () => {
  expect(parseProcessUse(status)).toEqual({
    residentBytes: 1000 * 1024,
    memoryBytes: 1023 * 1024,
    threads: 7,
  });
});

test("parseProcessUse() finds nothing of a process that has ended", () => {
  expect(parseProcessUse("Name:\tbun\nState:\tZ (zombie)\nThreads:\t1")).toBeNull();
});

test("exceededLimit() names the limit that is passed, and none that is just reached", () => {
  const limits = { memoryBytes: 1000, processes: 5, openFiles: 64, fileSizeBytes: 1 };
  const use = { residentBytes: 0, memoryBytes: 1000, threads: 5 };
  expect(exceededLimit(use, limits)).toBeNull();
  expect(exceededLimit({ ...use, memoryBytes: 1001 }, limits)).toBe("memory");
  expect(exceededLimit({ ...use, threads: 6 }, limits)).toBe("processes");
});

test("mappedFiles() names each file once, and nothing that is no file", () => {
  const maps = [
    "7f00-7f10 r--p 00000000 fe:00 1 /usr/lib/libc.so.6",
    "7f10-7f20 r-xp 00010000 fe:00 1 /usr/lib/libc.so.6",
    "7f30-7f40 rw-p 00000000 00:00 0 ",
    "7f40-7f50 rw-p 00000000 00:00 0 [heap]",
    "7f50-7f60 r--p 00000000 fe:00 2 /opt/my programs/bun",
  ].join("\n");
  expect(mappedFiles(maps)).toEqual(["/usr/lib/libc.so.6", "/opt/my programs/bun"]);
});
