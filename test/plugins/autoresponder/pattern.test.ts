import { expect, test } from "bun:test";
import { groupVariables, keywordPattern } from "../../../plugins/autoresponder/pattern.ts";

test.each([
  [/a/, ["match.0"]],
  [/(a)(b)?/i, ["match.0", "match.1", "match.2"]],
  [/(?<year>\d+)-(?:x)/u, ["match.0", "match.1", "match.year"]],
])("groupVariables() lists the groups of %p", (pattern, expected) => {
  expect(groupVariables(pattern)).toEqual(expected);
});

test("keywordPattern() takes marks of expressions as they are", () => {
  expect(keywordPattern(["a.b", "(x)"]).test("axb")).toBe(false);
  expect(keywordPattern(["a.b", "(x)"]).test("see (x)!")).toBe(true);
});
