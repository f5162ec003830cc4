import { expect, test } from "bun:test";
import { version } from "telegraphist";
import manifest from "../../package.json";

test("version is that of package.json", () => {
  expect(version).toBe(manifest.version);
});
