import { describe, expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "../../..");
const page = await Bun.file(join(root, "docs/gramjs.md")).text();
const rows = [...page.matchAll(/^\| ([^|]+) \| [^|]+ \| `([^`]+)` \| `([^`]+)` \|$/gm)].map(
  ([, defect = "", cure = "", proof = ""]) => ({ defect, cure, proof }),
);

const filesIn = (folder: string) =>
  Array.from(new Bun.Glob("cures/*.ts").scanSync(join(root, folder))).sort();

describe("docs/gramjs.md", () => {
  test("names files that are there", async () => {
    const paths = rows.flatMap(({ cure, proof }) => [`runtime/telegram/${cure}`, `test/telegram/${proof}`]);
    const missing = await Promise.all(
      paths.map(async (path) => ((await Bun.file(join(root, path)).exists()) ? [] : [path])),
    );
    expect(missing.flat()).toEqual([]);
  });

  test("names every cure", () => {
    const named = new Set(rows.map(({ cure }) => cure));
    // The way into the sender's private parts is no cure.
    const cures = filesIn("runtime/telegram").filter((path) => path !== "cures/sender-internals.ts");
    expect(cures.filter((path) => !named.has(path))).toEqual([]);
  });

  test("names every test of a cure", () => {
    const named = new Set(rows.map(({ proof }) => proof));
    const proofs = filesIn("test/telegram").filter((path) => !path.endsWith("gramjs-page.test.ts"));
    expect(proofs.filter((path) => !named.has(path))).toEqual([]);
  });

  test("has every defect that this room answers for", () => {
    const wanted = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19].map((number) => `G${number}`);
    const listed = new Set(rows.map(({ defect }) => defect));
    expect(wanted.filter((defect) => !listed.has(defect))).toEqual([]);
  });

  test("points at tests that name the defect", async () => {
    const silent = await Promise.all(
      rows
        .filter(({ defect }) => /^G\d+$/.test(defect))
        .map(async ({ defect, proof }) => {
          const text = await Bun.file(join(root, "test/telegram", proof)).text();
          return new RegExp(`\\b${defect}\\b`).test(text) ? [] : [`${proof}: ${defect}`];
        }),
    );
    expect(silent.flat()).toEqual([]);
  });
});
