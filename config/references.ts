import type { ParsedDocument } from "./document.ts";
import { nearest } from "./nearest.ts";
import { type ConfigPath, type ConfigProblem, didYouMean, shownPath } from "./problem.ts";
import type { TelegraphistConfig } from "./schema.ts";

/** Names that lead nowhere, and addresses that are there twice: what a schema cannot see. */
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
  const dataCentres = config.telegram.server?.dataCentres ?? [];
  const repeated = dataCentres.flatMap(({ id, host, port }, index) =>
    dataCentres.findIndex((other) => other.id === id && other.host === host && other.port === port) === index
      ? []
      : problem(["telegram", "server", "dataCentres", index], `data centre ${id} has this address twice`),
  );
  const plugins = Object.keys(config.plugins);
  const nobodys = Object.entries(config.http.secrets).flatMap(([secret, { plugins: named }]) =>
    named.flatMap((plugin, index) =>
      plugins.includes(plugin)
        ? []
        : problem(
            ["http", "secrets", secret, "plugins", index],
            "no plugin has this name",
            nearest(plugin, plugins),
          ),
    ),
  );
  return [...strangers, ...repeated, ...nobodys];
}
