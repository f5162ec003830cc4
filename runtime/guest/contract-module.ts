import * as contract from "../contract/index.ts";

let isProvided = false;

/**
 * Makes `import … from "telegraphist"` work in a plugin wherever its file lies, and be this program's contract: a plugin
 * beside the configuration needs no `node_modules`. Only the first call does anything.
 */
export function provideContract(): void {
  if (isProvided) return;
  isProvided = true;
  Bun.plugin({
    name: "telegraphist",
    setup: (build) => {
      build.module("telegraphist", () => ({ exports: { ...contract }, loader: "object" }));
    },
  });
}
