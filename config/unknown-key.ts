import type { ConfigDocument } from "./document.ts";
import { nearest } from "./nearest.ts";
import { type ConfigPath, type ConfigProblem, didYouMean, shownPath } from "./problem.ts";

/** The problem of a key that nobody knows, with the one that was probably meant. @param known what may stand there */
export function unknownKey(
  document: ConfigDocument,
  path: ConfigPath,
  known: readonly string[],
): ConfigProblem {
  const key = String(path.at(-1));
  const list = known.length === 0 ? {} : { hint: `known here: ${known.join(", ")}` };
  return {
    file: document.file,
    ...document.locateKey(path),
    path: shownPath(path),
    message: `unknown key "${key}"`,
    ...list,
    ...didYouMean(nearest(key, known)),
  };
}
