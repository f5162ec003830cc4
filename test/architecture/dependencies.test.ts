import { expect, test } from "bun:test";
import { posix } from "node:path";
import manifest from "../../package.json";
import { root } from "./imports.ts";

const all: Readonly<Record<string, string>> = { ...manifest.dependencies, ...manifest.devDependencies };

test("docs/dependencies.md gives a reason for each dependency and for nothing else", async () => {
  const page = await Bun.file(posix.join(root, "docs/dependencies.md")).text();
  const named = [...page.matchAll(/^\| `([^`]+)` \| \S/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(all).sort());
});

test("package.json fixes every version", () => {
  const loose = Object.entries(all).filter(([, version]) => !/^(npm:[a-z]+@)?\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
});
