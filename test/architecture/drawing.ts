import { posix } from "node:path";
import { root } from "./imports.ts";
import { HOMES, ROOMS } from "./rooms.ts";

const page = posix.join(root, "docs/architecture.md");
const start = "<!-- rooms: `bun test/architecture/drawing.ts` writes this part -->";
const end = "<!-- end of rooms -->";

/** The rooms by level, the table of what each may import, and the homes of libraries, as Markdown. */
export function drawing(): string {
  const levels = [...new Set(ROOMS.map((room) => Math.floor(room.level)))].sort((a, b) => b - a);
  const rows = levels.map((level) => {
    const names = ROOMS.filter((room) => Math.floor(room.level) === level).map((room) => room.path);
    return `${level}  ${names.join("   ")}`;
  });
  const imports = ROOMS.map((room) => {
    const allowed = room.imports.includes("*")
      ? "every room below"
      : room.imports.map((path) => `\`${path}\``).join(", ");
    return `| \`${room.path}\` | ${room.about} | ${allowed === "" ? "nothing" : allowed} |`;
  });
  const homes = Object.entries(HOMES).map(
    ([library, rooms]) => `| \`${library}\` | ${rooms.map((path) => `\`${path}\``).join(", ")} |`,
  );
  return [
    start,
    "",
    "```",
    ...rows,
    "```",
    "",
    "| Room | What it is | May import |",
    "|---|---|---|",
    ...imports,
    "",
    "| Library | At home in |",
    "|---|---|",
    ...homes,
    "",
    end,
  ].join("\n");
}

/** What the page shows between its marks. */
export async function drawnPart(): Promise<string> {
  const text = await Bun.file(page).text();
  return text.slice(text.indexOf(start), text.indexOf(end) + end.length);
}

if (import.meta.main) {
  const text = await Bun.file(page).text();
  await Bun.write(
    page,
    text.replace(await drawnPart(), () => drawing()),
  );
}
