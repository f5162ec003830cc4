import type { ParsedDocument } from "./document.ts";
import { nearest } from "./nearest.ts";
import { type ConfigPath, type ConfigProblem, didYouMean, shownPath } from "./problem.ts";
import type { TelegraphistConfig } from "./schema.ts";

/** Names that lead nowhere, and ids that are there twice: what a schema cannot see. */
export function referenceProblems(
  document: ParsedDocument,
  config: TelegraphistConfig,
): readonly ConfigProblem[] {
  const known = Object.keys(config.accounts);
  const problem = (path: ConfigPath, message: string, candidate?: string): ConfigProblem => ({
    file: document.file,
    ...document.locate(path),
    path: shownPath(path),
    message,
    ...didYouMean(candidate),
  });

  const strangers = Object.entries(config.plugins).flatMap(([plugin, { accounts = [] }]) =>
    accounts.flatMap((account, index) =>
      known.includes(account)
        ? []
        : problem(
            ["plugins", plugin, "accounts", index],
            "no account has this name",
            nearest(account, known),
          ),
    ),
  );
  const ids = config.telegram.server?.dataCentres.map(({ id }) => id) ?? [];
  const repeated = ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : problem(["telegram", "server", "dataCentres", index, "id"], `data centre ${id} is there twice`),
  );
  return [...strangers, ...repeated];
}
