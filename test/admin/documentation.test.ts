import { expect, test } from "bun:test";
import { join } from "node:path";
import { z } from "zod";
import { ask, sampleAdmin } from "./sample-admin.ts";

const specification = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const page = await Bun.file(join(import.meta.dir, "../../docs/api.md")).text();

test("docs/api.md lists every route that /openapi.json has", async () => {
  const { admin } = sampleAdmin();
  const { paths } = specification.parse(await (await ask(admin, "/openapi.json")).json());
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const listed = [...page.matchAll(/^\| `((?:GET|POST|DELETE) [^`]+)` \|/gm)].map(([, route = ""]) => route);
  expect(listed.sort()).toEqual(routes.sort());
});

test("/openapi.json lists what routes that ask Telegram answer of an account's state", async () => {
  const { admin } = sampleAdmin();
  const { paths } = specification.parse(await (await ask(admin, "/openapi.json")).json());
  const asking = Object.entries(paths).filter(([path]) => /\/(authorizations|rotation)\b/.test(path));
  const answers = asking.flatMap(([, operations]) => Object.values(operations));
  expect(answers).toHaveLength(3);
  for (const { responses } of z.array(z.object({ responses: z.looseObject({}) })).parse(answers)) {
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(["409", "429", "503"]));
  }
});

test("docs/api.md names every code that the room's files do", async () => {
  const codes = new Set<string>();
  for await (const file of new Bun.Glob("**/*.ts").scan({
    cwd: join(import.meta.dir, "../../runtime/admin"),
    absolute: true,
  })) {
    for (const [code] of (await Bun.file(file).text()).matchAll(/\bADMIN_[A-Z_]+\b/g)) codes.add(code);
  }
  expect([...codes].filter((code) => !page.includes(code))).toEqual([]);
});
