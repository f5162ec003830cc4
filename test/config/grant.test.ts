// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration's placeholders look the same
import { describe, expect, test } from "bun:test";
import { chmod, mkdtemp, readdir, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { grantInFile, withGrant } from "../../config/index.ts";

const grantOf = (entry: string, permission = "telegram") => ({ plugin: "echo", permission, entry });

describe("withGrant()", () => {
  test.each([
    [
      "a list in brackets",
      "plugins:\n  echo: # mine\n    allow:\n      telegram: [messages:read] # why\n",
      "plugins:\n  echo: # mine\n    allow:\n      telegram: [messages:read, messages:send] # why\n",
    ],
    [
      "an empty list",
      "plugins: { echo: { allow: { telegram: [] } } }\n",
      "plugins: { echo: { allow: { telegram: [messages:send] } } }\n",
    ],
    [
      "a list by lines",
      "plugins:\n  echo:\n    allow:\n      telegram:\n        - messages:read # why\n      chats: ['*']\n",
      "plugins:\n  echo:\n    allow:\n      telegram:\n        - messages:read # why\n        - messages:send\n      chats: ['*']\n",
    ],
    [
      "other permissions",
      "plugins:\n  echo:\n    allow:\n      chats:   ['*']\n",
      "plugins:\n  echo:\n    allow:\n      telegram: [messages:send]\n      chats:   ['*']\n",
    ],
    [
      "other permissions in braces",
      'plugins:\n  echo: { allow: { chats: ["*"] } }\n',
      'plugins:\n  echo: { allow: { chats: ["*"], telegram: [messages:send] } }\n',
    ],
    [
      "a plugin without grants",
      "plugins:\n  echo:\n    use: ./echo.ts # mine\n    config: {}\n\n# the end\n",
      "plugins:\n  echo:\n    use: ./echo.ts # mine\n    allow: { telegram: [messages:send] }\n    config: {}\n\n# the end\n",
    ],
    [
      "a plugin that is all defaults",
      "plugins:\n  echo: # nothing\nadmin: {}\n",
      "plugins:\n  echo: { allow: { telegram: [messages:send] } } # nothing\nadmin: {}\n",
    ],
  ])("adds to %s, and leaves all else as it is written", (_, before, after) => {
    expect(withGrant(before, grantOf("messages:send"))).toBe(after);
  });

  test.each(["@ada", "-1001", "*", "a, b", "${HOME}", "GET example.com:8443", "# x", "yes"])(
    "writes %j so that it is read as that",
    (entry) => {
      const text = withGrant("plugins:\n  echo:\n    allow: { chats: [x] }\n", grantOf(entry, "chats"));
      const read = parse(text).plugins.echo.allow.chats;
      expect(read.map((one: string) => one.replaceAll("$$", "$"))).toEqual(["x", entry]);
    },
  );

  test("gives a plugin that shares its grants by an alias its own", () => {
    const text = "plugins:\n  one: &one { allow: { telegram: [messages:read] } }\n  echo: *one\n";
    const { plugins } = parse(withGrant(text, grantOf("messages:send")));
    expect(plugins.echo.allow.telegram).toContain("messages:send");
  });

  test("refuses a file that does not have the plugin", () => {
    for (const text of ["plugins: {}\n", "plugins: [\n", ""]) {
      expect(() => withGrant(text, grantOf("messages:send"))).toThrow('plugin "echo"');
    }
  });
});

test("grantInFile() keeps the file's mode and the link to it, and leaves nothing behind when it fails", async () => {
  const folder = await mkdtemp(join(tmpdir(), "grant-"));
  const [path, link] = [join(folder, "telegraphist.yaml"), join(folder, "link.yaml")];
  await Bun.write(path, "plugins:\n  echo:\n");
  await chmod(path, 0o600);
  await symlink("telegraphist.yaml", link);
  await grantInFile(link, grantOf("messages:send"));
  expect(await Bun.file(path).text()).toContain("messages:send");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await expect(grantInFile(path, { ...grantOf("x"), plugin: "nobody" })).rejects.toThrow("nobody");
  expect((await readdir(folder)).toSorted()).toEqual(["link.yaml", "telegraphist.yaml"]);
  await rm(folder, { recursive: true });
});
