import type { Command } from "./command.ts";
import type { Style } from "./terminal.ts";

/** The page behind `telegraphist --help`. */
export function overviewHelp(commands: readonly Command[], version: string, style: Style): string {
  const rows = commands.map((command) => [command.name, command.summary] as const);
  return [
    `${style.bold("telegraphist")} ${version}: an automation runtime for your own Telegram account`,
    "",
    `${style.bold("Usage")}  telegraphist COMMAND [options]`,
    "",
    style.bold("First steps"),
    ...columns(
      [
        ["telegraphist demo", "see it work, on a Telegram inside this process; no account needed"],
        ["telegraphist login me", "log your own account in"],
        ["telegraphist check", "look the configuration over"],
        ["telegraphist run", "run the plugins"],
      ],
      style,
    ),
    "",
    style.bold("Commands"),
    ...columns(rows, style),
    "",
    `"telegraphist COMMAND --help" tells more. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`,
  ].join("\n");
}

/** The page behind `telegraphist COMMAND --help`. */
export function commandHelp(command: Command, style: Style): string {
  const { actions = [] } = command;
  const usage = [
    "telegraphist",
    command.name,
    ...command.positionals.map(({ name, isRequired }) => (isRequired ? name : `[${name}]`)),
    "[options]",
  ].join(" ");
  const options = [
    ...Object.entries(command.options).map(([name, option]) => {
      const short = option.short === undefined ? "" : `-${option.short}, `;
      const value = option.type === "string" ? ` ${option.value ?? "VALUE"}` : "";
      return [`${short}--${name}${value}`, option.about] as const;
    }),
    ["-h, --help", "this page"] as const,
  ];
  return [
    `${style.bold(`telegraphist ${command.name}`)}: ${command.summary}`,
    "",
    `${style.bold("Usage")}  ${usage}`,
    ...(command.about === undefined ? [] : ["", command.about]),
    ...section(
      "Actions",
      actions.map(({ name, summary }) => [name, summary] as const),
      style,
    ),
    ...section(
      "Arguments",
      command.positionals.map(({ name, about }) => [name, about] as const),
      style,
    ),
    ...section("Options", options, style),
    ...(command.examples === undefined
      ? []
      : ["", style.bold("Examples"), ...command.examples.map((line) => `  ${line}`)]),
  ].join("\n");
}

function section(title: string, rows: readonly (readonly [string, string])[], style: Style): string[] {
  return rows.length === 0 ? [] : ["", style.bold(title), ...columns(rows, style)];
}

function columns(rows: readonly (readonly [string, string])[], style: Style): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${style.cyan(left.padEnd(width))}  ${right}`);
}
