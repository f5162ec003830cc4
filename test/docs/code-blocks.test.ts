import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { checkText, formatProblems } from "../../config/index.ts";
import manifest from "../../package.json";
import { checkPlugins } from "../../runtime/app/index.ts";
import { commands } from "../../runtime/cli/commands.ts";
import { readFaultScript } from "../../runtime/emulator/index.ts";
import { type CodeBlock, codeBlocks, root } from "./pages.ts";

const examples = join(root, "docs/examples");
const blocks = await codeBlocks();
/** Prometheus's own file, and the emulator's, are no configurations of ours. */
const isForeign = ({ code }: CodeBlock) => /^scrape_configs:|^faults:/m.test(code);
const inLanguage = (language: string): [string, CodeBlock][] =>
  blocks
    .filter((block) => block.language === language && block.file === null && !isForeign(block))
    .map((block) => [`${block.page}:${block.line}`, block]);

/** What a page leaves out of an example that is about something else. */
const rest = {
  version: 1,
  telegram: { apiId: 1, apiHash: "0123456789abcdef0123456789abcdef" },
  accounts: { me: {} },
};
const env = {
  TELEGRAM_API_ID: "1",
  TELEGRAM_API_HASH: rest.telegram.apiHash,
  WEATHER_KEY: "no key of anything",
};

describe("the pages", () => {
  test.each(inLanguage("yaml"))(
    "%s is a configuration that `telegraphist check` takes",
    async (_, { code }) => {
      const text = stringify({ ...rest, ...parse(code) });
      const result = checkText(join(examples, "telegraphist.yaml"), text, env);
      if (!result.ok) throw new Error(formatProblems(result.problems, result));
      expect(await checkPlugins({ ...result, baseFolder: examples }, env)).toEqual([]);
    },
  );

  test("docs/emulator.md has a file of faults that the emulator takes", () => {
    const files = blocks.filter(({ code, page }) => page === "docs/emulator.md" && /^faults:/m.test(code));
    expect(files.map(({ code }) => readFaultScript(parse(code)))).toEqual([
      expect.objectContaining({ ok: true }),
    ]);
  });

  test.each(inLanguage("ts"))("%s is a file of docs/examples, which is type-checked", async (_, { code }) => {
    const name = /name: "(.*)"/.exec(code)?.[1];
    expect(await Bun.file(join(examples, `${name}.ts`)).text()).toBe(code);
  });

  test.each(
    blocks
      .filter(({ page, file }) => page === "README.md" && file !== null)
      .map((block): [string, CodeBlock] => [block.file ?? "", block]),
  )("README.md shows %s as it is", async (file, { code }) => {
    expect(await Bun.file(join(root, file)).text()).toBe(code);
  });

  test.each(inLanguage("json"))("%s is JSON", (_, { code }) => {
    expect(JSON.parse(code)).toBeDefined();
  });

  test.each(inLanguage("sh"))("%s calls scripts and commands that there are", (_, { code }) => {
    const scripts = [...code.matchAll(/\bbun(?:@[\d.]+)? run (?!telegraphist)([a-z]+)/g)].map(
      ([, name]) => name,
    );
    const called = [...code.matchAll(/\btelegraphist ([a-z-]+)\b/g)].map(([, name]) => name);
    for (const name of scripts) expect(Object.keys(manifest.scripts)).toContain(name ?? "");
    for (const name of called) expect(commands.map((command) => command.name)).toContain(name ?? "");
  });
});

test("README.md lists every command and no other", async () => {
  const page = await Bun.file(join(root, "README.md")).text();
  const listed = [...page.matchAll(/^\| `telegraphist ([a-z-]+)/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
});
