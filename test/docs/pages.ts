import { join } from "node:path";
import { Glob } from "bun";

/** The folder of the project. */
export const root = join(import.meta.dir, "../..");

/** A block of code in a page. */
export interface CodeBlock {
  /** From the project's folder: `docs/api.md`. */
  readonly page: string;
  /** Of the line above it. */
  readonly line: number;
  readonly language: string;
  /** Where its reader is to put it; `null` for most. */
  readonly file: string | null;
  readonly code: string;
}

/** The README and the pages of `docs`, from the project's folder. */
export function pageNames(): readonly string[] {
  return ["README.md", ...new Glob("docs/**/*.md").scanSync({ cwd: root })];
}

/** Every block of code in the pages. */
export async function codeBlocks(): Promise<readonly CodeBlock[]> {
  const blocks = await Promise.all(
    pageNames().map(async (page) => blocksOf(page, await Bun.file(join(root, page)).text())),
  );
  return blocks.flat();
}

function blocksOf(page: string, text: string): readonly CodeBlock[] {
  return [...text.matchAll(/^```(\w*)(?: (\S+))?\n(.*?)^```$/gms)].map(
    ({ index, 1: language = "", 2: file = null, 3: code = "" }) => ({
      page,
      line: text.slice(0, index).split("\n").length,
      language,
      file,
      code,
    }),
  );
}
