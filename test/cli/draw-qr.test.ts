import { describe, expect, test } from "bun:test";
import { encode } from "uqr";
import { drawQr } from "../../runtime/cli/draw-qr.ts";

const url = `tg://login?token=${"A".repeat(43)}`;

describe("drawQr()", () => {
  test("draws every module of the code, with a light border", () => {
    const { data } = encode(url, { ecc: "L", border: 2 });
    const drawn = drawQr(url, { darkOnLight: (text) => text }).flatMap((line) => [
      Array.from(line, (cell) => "█▀".includes(cell)),
      Array.from(line, (cell) => "█▄".includes(cell)),
    ]);
    expect(drawn.slice(0, data.length)).toEqual(data);
    expect(drawn[0]?.some(Boolean)).toBe(false);
  });

  test("fits a terminal of 80 columns and 24 lines, the words under it included", () => {
    const lines = drawQr(url, { darkOnLight: (text) => text });
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("sets the colours of each line", () => {
    const lines = drawQr(url, { darkOnLight: (text) => `<${text}>` });
    expect(lines.every((line) => line.startsWith("<") && line.endsWith(">"))).toBe(true);
  });
});
