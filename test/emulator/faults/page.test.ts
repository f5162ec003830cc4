import { expect, test } from "bun:test";
import { join } from "node:path";
import { startEmulator } from "../../../runtime/emulator/index.ts";

const page = await Bun.file(join(import.meta.dir, "../../../docs/emulator.md")).text();
const rows = [...page.matchAll(/^\| `(\w+)` \| `([A-Z]+ [^`]+)` \|/gm)];

test("docs/emulator.md lists every fault of the world, and no other", async () => {
  await using emulator = await startEmulator();
  const methods = Object.keys(emulator.world.faults);
  expect(rows.map(([, method]) => method).sort()).toEqual(methods.sort());
});

test("docs/emulator.md lists every fault of the control, and no other", async () => {
  await using emulator = await startEmulator();
  const answer = await fetch(`${emulator.controlUrl}/openapi.json`);
  // The form of every OpenAPI document.
  const { paths } = (await answer.json()) as { readonly paths: Readonly<Record<string, object>> };
  const routes = Object.entries(paths)
    .filter(([path]) => path.startsWith("/faults"))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  expect(rows.map(([, , route]) => route ?? "").sort()).toEqual(
    routes.map((route) => route.replace(/\/$/, "")).sort(),
  );
});
