import { expect, test } from "bun:test";
import { join } from "node:path";
import { loginCodes, loginHint } from "../../runtime/telegram/error-meanings.ts";
import { root } from "./pages.ts";

const page = await Bun.file(join(root, "docs/login.md")).text();
const rows = new Map(
  [...page.matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)].map(([, code = "", text = ""]) => [code, text]),
);

test("docs/login.md says of each of Telegram's codes what the program says", () => {
  expect(loginCodes.map((code) => [code, rows.get(code)])).toEqual(
    loginCodes.map((code) => [code, loginHint(code) ?? undefined]),
  );
});

test("docs/login.md has each code that a login here ends with", async () => {
  const own = new Set<string>();
  for await (const file of new Bun.Glob("runtime/**/*.ts").scan({ cwd: root, absolute: true })) {
    const text = await Bun.file(file).text();
    for (const [, code = ""] of text.matchAll(/code: "((?:LOGIN|SESSION_STRING|SIGN_UP)_[A-Z_]+)"/g))
      own.add(code);
  }
  expect(own.size).toBeGreaterThan(15);
  expect([...own].filter((code) => !rows.has(code))).toEqual([]);
});
