import jsQr from "jsqr";

/** As a phone's camera reads the code from the screen. */
export function scan(shown: string): string {
  const rows = shown.split(/\r?\n/).filter((line) => /^[ ▀▄█]{20,}$/.test(line));
  const width = rows[0]?.length ?? 0;
  const height = rows.length * 2;
  const pixelsEach = 3;
  const side = width * pixelsEach;
  const image = new Uint8ClampedArray(side * height * pixelsEach * 4).fill(255);
  for (let y = 0; y < height * pixelsEach; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const row = Math.floor(y / pixelsEach);
      const cell = rows[Math.floor(row / 2)]?.[Math.floor(x / pixelsEach)] ?? " ";
      const isDark = (row % 2 === 0 ? "▀█" : "▄█").includes(cell);
      if (isDark) image.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  const code = jsQr(image, side, height * pixelsEach);
  if (code === null) throw new Error(`The code cannot be read:\n${rows.join("\n")}`);
  return code.data;
}
