// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration's placeholders look the same
import { describe, expect, test } from "bun:test";
import { parse } from "yaml";
import { withPlugin } from "../../config/index.ts";

const entry = { name: "echo", use: "./echo", allow: { telegram: ["messages:read"], chats: ["*"] } };
const lines = '  echo:\n    use: ./echo\n    allow: { telegram: [messages:read], chats: ["*"] }\n';

describe("withPlugin()", () => {
  test.each([
    ["no plugins yet", "version: 1\n", `version: 1\n\nplugins:\n${lines}`],
    ["no line break at its end", "version: 1", `version: 1\n\nplugins:\n${lines}`],
    [
      "plugins, and more behind them",
      "plugins:\n  one: {} # mine\n\n# pages\nadmin: {}\n",
      `plugins:\n  one: {} # mine\n${lines}\n# pages\nadmin: {}\n`,
    ],
    [
      "plugins of many lines at its end",
      "plugins:\n  one:\n    config:\n      rules:\n        - answer: Hi # why\n",
      `plugins:\n  one:\n    config:\n      rules:\n        - answer: Hi # why\n${lines}`,
    ],
    [
      "a plugin that is all defaults",
      "plugins:\n  one:\nadmin: {}\n",
      `plugins:\n  one:\n${lines}admin: {}\n`,
    ],
  ])("adds to a file with %s, and leaves all else as it is written", (_, before, after) => {
    expect(withPlugin(before, entry)).toBe(after);
  });

  test.each([
    "plugins: { one: {} } # mine\n",
    "plugins:\nadmin: {}\n",
    "plugins: &p\n  one: {}\nother: *p\n",
  ])("adds to %j, in whatever form", (before) => {
    const { plugins } = parse(withPlugin(before, entry));
    expect(plugins).toEqual({ ...parse(before).plugins, echo: { use: entry.use, allow: entry.allow } });
  });

  test("leaves out an allow that grants nothing, and writes a $ so that it is none of a placeholder", () => {
    const text = withPlugin("plugins:\n    one: {}\n", { name: "echo", use: "./${HOME}" });
    expect(text).toBe('plugins:\n    one: {}\n    echo:\n        use: "./$${HOME}"\n');
  });

  test.each(["plugins: { echo: {} }\n", "a: [\n"])("refuses %j", (text) => {
    expect(() => withPlugin(text, entry)).toThrow('Cannot add plugin "echo"');
  });
});
