import { describe, expect, test } from "bun:test";
import { posix } from "node:path";
import { drawing, drawnPart } from "./drawing.ts";
import { type ImportEdge, importsOf, packageOf, root, sourceFiles } from "./imports.ts";
import { HOMES, ROOMS, roomOf } from "./rooms.ts";

const files = await sourceFiles("runtime", "plugins", "config", "telemetry");
const edges: ImportEdge[] = (await Promise.all(files.map(importsOf))).flat();

describe("the table of rooms", () => {
  test("lets imports go down only", () => {
    const upward = ROOMS.flatMap((room) =>
      room.imports
        .filter((path) => path !== "*")
        .filter((path) => (ROOMS.find((other) => other.path === path)?.level ?? Infinity) >= room.level)
        .map((path) => `${room.path} -> ${path}`),
    );
    expect(upward).toEqual([]);
  });

  test("has a room for every file", () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test("has a file for every room", () => {
    expect(
      ROOMS.filter((room) => !files.some((file) => roomOf(file) === room)).map((room) => room.path),
    ).toEqual([]);
  });

  test("is what docs/architecture.md shows", async () => {
    expect(await drawnPart()).toBe(drawing());
  });
});

describe("imports", () => {
  test("follow the table", () => {
    const refused = edges.filter(({ from, to }) => {
      if (to === null) return false;
      const here = roomOf(from);
      const there = roomOf(to);
      if (here === undefined || there === undefined) return true;
      if (here === there) return false;
      if (here.imports.includes("*")) return there.level >= here.level;
      return !here.imports.includes(there.path);
    });
    expect(refused.map(describeEdge)).toEqual([]);
  });

  test("enter another room by its door", () => {
    const sideways = edges.filter(({ from, to }) => {
      if (to === null) return false;
      const there = roomOf(to);
      return (
        there !== roomOf(from) && there !== undefined && to !== there.path && to !== `${there.path}/index.ts`
      );
    });
    expect(sideways.map(describeEdge)).toEqual([]);
  });

  test("do not go out by one's own door", () => {
    const loops = edges.filter(({ from, to }) => to !== null && to === `${roomOf(from)?.path}/index.ts`);
    expect(loops.map(describeEdge)).toEqual([]);
  });

  test("make no circle of files", () => {
    expect(circleIn(edges)).toEqual([]);
  });

  test("take a library at its home only", () => {
    const strays = edges.filter(({ from, specifier, to }) => {
      if (to !== null || specifier === "bun" || specifier.startsWith("node:")) return false;
      const name = packageOf(specifier);
      const scope = name.split("/")[0] ?? name;
      const homes = HOMES[name] ?? HOMES[scope] ?? [];
      return !homes.includes(roomOf(from)?.path ?? "");
    });
    expect(strays.map(describeEdge)).toEqual([]);
  });

  test("never reach the tests", () => {
    expect(edges.filter(({ to }) => to?.startsWith("test/")).map(describeEdge)).toEqual([]);
  });
});

describe("files", () => {
  test("export by name", async () => {
    const stars: string[] = [];
    for (const file of files) {
      if (/^export \*/m.test(await Bun.file(posix.join(root, file)).text())) stars.push(file);
    }
    expect(stars).toEqual([]);
  });

  test("are named after one thing, in kebab-case", () => {
    const refused = /^(utils?|helpers?|common|misc|types|managers?)$/;
    const bad = files.filter((file) => {
      const parts = file.replace(/(\.config|\.gen)?\.tsx?$/, "").split("/");
      return parts.some((part) => refused.test(part)) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(parts.at(-1) ?? "");
    });
    expect(bad).toEqual([]);
  });

  test("hold no unproved type and no unfinished mark", async () => {
    const marks: string[] = [];
    for (const file of files) {
      const text = await Bun.file(posix.join(root, file)).text();
      for (const [index, line] of text.split("\n").entries()) {
        if (/\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck|expect-error)|: any\b|as any\b/.test(line)) {
          marks.push(`${file}:${index + 1}`);
        }
      }
    }
    expect(marks).toEqual([]);
  });
});

describe("the lock file", () => {
  test("names no registry", async () => {
    const text = await Bun.file(posix.join(root, "bun.lock")).text();
    expect(text.match(/https?:\/\/[^"\s]+/g) ?? []).toEqual([]);
  });
});

function describeEdge({ from, specifier }: ImportEdge): string {
  return `${from} -> ${specifier}`;
}

/** The first circle found, as the files along it; empty when there is none. */
function circleIn(all: readonly ImportEdge[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of all) {
    if (to !== null) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const path: string[] = [];
  function visit(file: string): string[] {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const next of targets.get(file) ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    path.pop();
    done.add(file);
    return [];
  }
  for (const file of targets.keys()) {
    const circle = visit(file);
    if (circle.length > 0) return circle;
  }
  return [];
}
