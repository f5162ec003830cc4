import { describe, expect, test } from "bun:test";
import { parseChannelRef, parsePersonRef } from "../../../plugins/channel-inviter/peer-ref.ts";
import { readPeople } from "../../../plugins/channel-inviter/people-file.ts";

describe("readPeople()", () => {
  test.each([
    ["commas", "username,id\n@ada,\n,42\n"],
    ["semicolons", "username;id\n@ada;\n;42\n"],
    ["tabs and Windows line ends", "username\tid\r\n@ada\t\r\n\t42\r\n"],
    ["another mark within a quoted name", '"no;te",username,id\n"a;b",@ada,\n,,42\n'],
    ["a byte order mark and upper case", "\uFEFFUserName,ID\n@ada,\n,42"],
    ["other columns, quotes, and empty lines", 'note,username,id\n"one, ""two""\nthree",ada,\n\n,,42\n'],
  ])("reads %s", (_what, text) => {
    expect<unknown>(readPeople(text)).toEqual({ people: ["@ada", "42"], problems: [] });
  });

  test("names a person once, however written", () => {
    expect(readPeople("username\nada\n@Ada\nhttps://t.me/ADA\n").people).toEqual(["@ada"]);
  });

  test("prefers the name when a row has both", () => {
    expect(readPeople("id,username\n42,@ada\n").people).toEqual(["@ada"]);
  });

  test("says which lines name nobody", () => {
    expect(readPeople("username,phone\n@ada,\nno name,\n,+491234\n")).toEqual({
      people: ["@ada"],
      problems: [
        { line: 3, problem: "is neither a username nor a numeric id" },
        { line: 4, problem: "has only a phone number, which cannot be invited" },
      ],
    });
  });

  test("never repeats what stands in a line that it refuses", () => {
    expect(JSON.stringify(readPeople("username,phone\n,+4912345678\n").problems)).not.toContain("12345678");
  });

  test.each([
    ["no known column", "name,phone\nAda,+1\n"],
    ["an open quote", 'username\n"ada\n'],
  ])("refuses a file with %s", (_what, text) => {
    expect(() => readPeople(text)).toThrow(expect.objectContaining({ code: "INVITER_PEOPLE_INVALID" }));
  });

  test("is empty for an empty file", () => {
    expect(readPeople("")).toEqual({ people: [], problems: [] });
  });
});

test.each([
  ["42", "42"],
  ["@Ada_L", "@ada_l"],
  ["ada", "@ada"],
  ["t.me/ada/", "@ada"],
  ["-42", null],
  ["a", null],
  ["+49123", null],
  ["ada lovelace", null],
])("parsePersonRef() reads %p as %p", (text, expected) => {
  expect<string | null>(parsePersonRef(text)).toBe(expected);
});

test("parseChannelRef() reads names, links, and ids", () => {
  expect(parseChannelRef("@News")).toBe("@News");
  expect(parseChannelRef("https://t.me/news")).toBe("@news");
  expect(String(parseChannelRef("-10042"))).toBe("-10042");
});
