import { describe, expect, test } from "bun:test";
import { numbered, safeName, safePath } from "../../../plugins/media-archiver/safe-name.ts";

describe("safeName()", () => {
  test.each([
    ["photo.jpg", "photo.jpg"],
    ["Отчёт за май.pdf", "Отчёт за май.pdf"],
    ["../../etc/passwd", "__.._etc_passwd"],
    ["..\\..\\boot.ini", "__.._boot.ini"],
    ["a/b\\c:d", "a_b_c_d"],
    ['<>:"|?*', "_______"],
    ["line\nbreak\u0000\u007f\u0085", "line_break___"],
    [".bashrc", "_bashrc"],
    ["...", "_"],
    [".", "_"],
    ["", "_"],
    ["   ", "_"],
    ["name. . ", "name"],
    ["CON", "_CON"],
    ["con.txt", "_con.txt"],
    ["COM1.tar.gz", "_COM1.tar.gz"],
    ["LPT¹", "_LPT¹"],
    ["console.log", "console.log"],
    ["cod\u202egpj.exe", "codgpj.exe"],
    ["zero\u200bwidth", "zerowidth"],
    ["e\u0301", "é"],
    ["\ud800lone", "\ufffdlone"],
  ])("makes %p into %p", (text, expected) => {
    expect(safeName(text)).toBe(expected);
  });

  test.each([
    ["x".repeat(300), "x".repeat(255)],
    [`${"x".repeat(300)}.jpg`, `${"x".repeat(251)}.jpg`],
    [`${"ж".repeat(200)}.pdf`, `${"ж".repeat(125)}.pdf`],
    ["😀".repeat(100), "😀".repeat(63)],
    [`a.${"b".repeat(300)}`, `a.${"b".repeat(253)}`],
    [`a${".".repeat(300)}x`, `a${".".repeat(253)}x`],
  ])("keeps a name within 255 bytes", (text, expected) => {
    expect(safeName(text)).toBe(expected);
    expect(Buffer.byteLength(safeName(text))).toBeLessThanOrEqual(255);
  });

  test("changes nothing about what it made", () => {
    for (const text of ["../x", "con", ".a", "a. ", "\u202e.x", "x".repeat(300)]) {
      expect(safeName(safeName(text))).toBe(safeName(text));
    }
  });
});

describe("numbered()", () => {
  test("puts the number before the extension", () => {
    expect(numbered("photo.jpg", 2)).toBe("photo-2.jpg");
    expect(numbered("photo", 12)).toBe("photo-12");
    expect(numbered("a.tar.gz", 2)).toBe("a.tar-2.gz");
  });

  test("takes the room from the name", () => {
    const name = numbered(`${"x".repeat(251)}.jpg`, 17);
    expect(name).toBe(`${"x".repeat(248)}-17.jpg`);
  });
});

describe("safePath()", () => {
  test("makes every part safe, and no more parts than there were", () => {
    expect(safePath(["Ada/../..", "..", "x.jpg"])).toBe("Ada_.._/_/x.jpg");
  });

  test("leaves the archive's own names free", () => {
    expect(safePath(["index.sqlite"])).toBe("_index.sqlite");
    expect(safePath(["Index.JSONL-old", "a"])).toBe("_Index.JSONL-old/a");
    expect(safePath(["a", "index.sqlite"])).toBe("a/index.sqlite");
    expect(safePath([".incoming", "1"])).toBe("_incoming/1");
  });
});
