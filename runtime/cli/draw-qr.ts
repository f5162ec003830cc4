import { encode } from "uqr";
import type { Style } from "./terminal.ts";

/** Around the code; scanners ask for four, and find it with two. */
const borderModules = 2;

/** A QR code as lines of a terminal, two rows of it in a line: dark on light, whatever the terminal's own colours are. */
export function drawQr(text: string, style: Pick<Style, "darkOnLight">): readonly string[] {
  const { data } = encode(text, { ecc: "L", border: borderModules });
  const lines: string[] = [];
  for (let row = 0; row < data.length; row += 2) {
    const upper = data[row] ?? [];
    const lower = data[row + 1] ?? [];
    const cells = upper.map((isDark, column) => halves[isDark ? 1 : 0][lower[column] === true ? 1 : 0]);
    lines.push(style.darkOnLight(cells.join("")));
  }
  return lines;
}

/** By whether the upper, then the lower half is dark. */
const halves = [
  [" ", "▄"],
  ["▀", "█"],
] as const;
