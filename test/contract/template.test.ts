import { describe, expect, test } from "bun:test";
import { faultOfTemplate, parseTemplate } from "telegraphist";

describe("parseTemplate()", () => {
  test("names each variable once, in order", () => {
    expect(parseTemplate("{{b}} {{ a.c }} {{b|x}}").variables).toEqual(["b", "a.c"]);
  });

  test.each(["{{", "{{ }}", "{{a", "{{1}}", "a {{b-c}}", "{{|x}}"])("refuses %s", (text) => {
    expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ code: "TEMPLATE_INVALID" }));
  });

  test("renders values as they are, never as templates", () => {
    expect(parseTemplate("<{{a}}>{{b}}").render((name) => (name === "a" ? "{{b}}" : "$&"))).toBe("<{{b}}>$&");
  });

  test("puts the fallback in the place of an empty value", () => {
    expect(parseTemplate("Hello {{name|dear reader}}{{end}}").render(() => "")).toBe("Hello dear reader");
  });

  test("leaves a text without variables alone", () => {
    expect(parseTemplate("} { }} plain").render(() => "x")).toBe("} { }} plain");
  });
});

describe("faultOfTemplate()", () => {
  test("is null for a text with known variables", () => {
    expect(faultOfTemplate("{{a}} {{b|c}}", ["a", "b"])).toBeNull();
  });

  test("names the unknown variable and the known ones", () => {
    expect(faultOfTemplate("{{a}} {{c}}", ["a", "b"])).toBe('must not have the variable "c": known are a, b');
  });

  test("says where braces are broken", () => {
    expect(faultOfTemplate("{{a", ["a"])).toContain('"{{a"');
  });
});
