import type { PluginReview } from "../../app/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { type RunningPlugin, runningPlugins } from "../running-plugins.ts";
import type { Style, Terminal } from "../terminal.ts";
import { type BrokenEntry, type Entries, readEntries, reviewsOf } from "./entries.ts";

/** One entry as `plugin list` shows it. */
interface ListedPlugin {
  readonly name: string;
  /** As the program that runs says; without one `off` or `not running`. */
  readonly state: string;
  readonly version: string | null;
  readonly isolation: "process" | "inline";
  readonly use: string;
  /** Why it does not run, or would not. */
  readonly problem: string | null;
}

/** `telegraphist plugin list`: the entries of the configuration, with what the running program says of them. */
export async function listPluginsCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags } = input;
  const read = await readEntries(input);
  if (read === null) return exitCodes.failed;
  const running = new Map((await runningPlugins(read)).map((plugin) => [plugin.name, plugin]));
  const reviews = await reviewsOf(Object.keys(read.config.plugins), read, input);
  const plugins = reviews.map((review) => listed(review, read, running.get(review.name)));
  if (flags.has("json")) terminal.out(JSON.stringify({ plugins }));
  else print(plugins, terminal);
  return exitCodes.ok;
}

function listed(
  review: PluginReview | BrokenEntry,
  { config }: Entries,
  running: RunningPlugin | undefined,
): ListedPlugin {
  const { name } = review;
  const entry = config.plugins[name];
  const { use = name, enabled = false, isolation = "process" } = entry ?? {};
  const state = running?.state ?? (enabled ? "not running" : "off");
  if ("problem" in review) return { name, state, version: null, isolation, use, problem: review.problem };
  const { version } = review.plugin.manifest;
  return { name, state, version, isolation, use, problem: running?.error?.message ?? openPoint(review) };
}

function openPoint({ name, pin, permissions }: PluginReview): string | null {
  if (pin.state === "widened")
    return `It asks for more than when it was accepted: telegraphist plugin diff ${name}`;
  const open = permissions.filter(({ state }) => state === "undecided").length;
  return open === 0 ? null : `It is not granted all that it asks for: telegraphist plugin diff ${name}`;
}

function print(plugins: readonly ListedPlugin[], { out, style }: Terminal): void {
  if (plugins.length === 0) {
    out(`There are no plugins yet: ${style.cyan("telegraphist plugin new NAME")} makes one`);
    return;
  }
  const rows = plugins.map(({ name, state, version, isolation, use }) => [
    name,
    state,
    version ?? "?",
    isolation,
    use,
  ]);
  const head = ["NAME", "STATE", "VERSION", "ISOLATION", "USE"];
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  out(style.dim(line(head)));
  plugins.forEach(({ state, problem }, index) => {
    out(paint(state, problem, style)(line(rows[index] ?? [])));
    if (problem !== null) out(`  ${style.dim(problem)}`);
  });
}

function paint(state: string, problem: string | null, style: Style): (text: string) => string {
  if (state === "failed") return style.red;
  if (problem !== null) return style.yellow;
  return state === "running" ? style.green : (text) => text;
}
