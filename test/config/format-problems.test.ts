import { describe, expect, test } from "bun:test";
import { checkText, formatProblems } from "../../config/index.ts";

function formatted(text: string, color = false): string {
  const result = checkText("bot.yaml", text, {});
  if (result.ok) throw new Error("there was no problem");
  return formatProblems(result.problems, { sources: result.sources, color });
}

const base = `version: 1
telegram: { apiId: 1, apiHash: "0123456789abcdef0123456789abcdef" }
accounts: { me: {} }
`;

describe("formatProblems()", () => {
  test("shows place, message, line, mark, and hint", () => {
    expect(formatted(`${base}storge: {}\n`)).toBe(`bot.yaml:4:1 error: unknown key "storge" (storge)
  4 | storge: {}
    | ^^^^^^
  hint: did you mean "storage"?

1 problem
`);
  });

  test("counts several problems", () => {
    expect(formatted(`${base}storge: {}\nadmni: {}\n`)).toEndWith("\n\n2 problems\n");
  });

  test.each([
    ["a word with a colon in it", "allow: { telegram: [message:send] }", "message:send"],
    ["a text in quotes", 'allow: { telegram: ["message: send", x] }', '"message: send"'],
  ])("marks the whole of %s", (_, entry, marked) => {
    const [, line = "", mark = ""] = formatted(`${base}plugins: { a: { ${entry} } }`).split("\n");
    expect(line.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toBe(marked);
  });

  test("keeps the mark under its place behind tabs", () => {
    const [, , mark] = formatted(`${base}admin: {\tprt: 1 }\n`).split("\n");
    expect(mark).toBe("    |         \t^^^");
  });

  test("cuts a long line around the place", () => {
    const text = `${base}admin: { host: "${"x".repeat(500)}", prt: 1 }\n`;
    const [, line = "", mark = ""] = formatted(text).split("\n");
    expect(line.length).toBeLessThan(140);
    expect(line.slice(mark.indexOf("^"), mark.indexOf("^") + 3)).toBe("prt");
  });

  test("leaves out the line of a file that it was not given", () => {
    const problem = { file: "other.yaml", line: 3, column: 1, path: "", message: "is wrong" };
    expect(formatProblems([problem], { sources: new Map() })).toBe(
      "other.yaml:3:1 error: is wrong\n\n1 problem\n",
    );
  });

  test("uses colours only when told to", () => {
    expect(formatted("a: 1")).not.toContain("\u001b");
    expect(formatted("a: 1", true)).toContain("\u001b[31merror:\u001b[0m");
  });

  test.each([
    ["phone", "accounts: { me: { phone: +491234567890, devic: 1 } }"],
    ["phone in quotes", "accounts: { me: { phone: '+49 1234 567890', devic: 1 } }"],
    ["phone out of place", "accounts: { me: { phone +491234567890 } }"],
    ["apiHash", "telegram: { apiHash: 1234567890123456789012345678901, x: 1 }"],
    ["apiHash out of place", "apihash 1234567890123456789012345678901: 1"],
    ["a plugin's password", "plugins: { a: { config: { password: 1234567890 }, alow: 1 } }"],
    ["a password that looks like an alias", "plugins:\n  a: { config: { password: *1234567890 } }"],
    ["a botToken", "plugins: { a: { config: { botToken: 'x1234567890' }, alow: 1 } }"],
  ])("never shows the value of %s", (_, text) => {
    const shown = formatted(text);
    expect(shown).toContain("•");
    expect(shown).not.toMatch(/123456|567890/);
  });

  test("shows no control characters", () => {
    expect(formatted(`${base}"stor\u001b[31mge": {}\n`)).not.toContain("\u001b");
  });
});
