import { expect, test } from "bun:test";
import { parseMarkdown } from "../../../runtime/telegram/operations/markdown.ts";

test.each([
  ["plain", "plain", []],
  ["**bold** x", "bold x", [{ kind: "bold", offset: 0, length: 4 }]],
  [
    "a __i__ ~~s~~ ||p||",
    "a i s p",
    [
      { kind: "italic", offset: 2, length: 1 },
      { kind: "strike", offset: 4, length: 1 },
      { kind: "spoiler", offset: 6, length: 1 },
    ],
  ],
  [
    "**a __b__**",
    "a b",
    [
      { kind: "bold", offset: 0, length: 3 },
      { kind: "italic", offset: 2, length: 1 },
    ],
  ],
  ["`**x**`", "**x**", [{ kind: "code", offset: 0, length: 5 }]],
  ["```ts\nlet a;\n```", "let a;", [{ kind: "pre", language: "ts", offset: 0, length: 6 }]],
  ["```a b```", "a b", [{ kind: "pre", offset: 0, length: 3 }]],
  [
    "[**go**](https://a.example)",
    "go",
    [
      { kind: "text-url", url: "https://a.example", offset: 0, length: 2 },
      { kind: "bold", offset: 0, length: 2 },
    ],
  ],
  ["😀 **b**", "😀 b", [{ kind: "bold", offset: 3, length: 1 }]],
  ["2 ** 3 and \\*\\*no\\*\\*", "2 ** 3 and **no**", []],
  ["**", "**", []],
  ["", "", []],
] as const)("parseMarkdown(%j) reads its marks", (source, text, entities) => {
  expect(parseMarkdown(source)).toEqual({ text, entities: [...entities] });
});
