import type { ConfigPlan, KeyChange, PluginPlan } from "../../app/index.ts";
import type { Style } from "../terminal.ts";

type GrantChange = PluginPlan["widened"][number];

/** A plan, a line for each thing that changes. */
export function planLines({ plugins, restart }: ConfigPlan, style: Style): readonly string[] {
  return [
    ...plugins.flatMap((plugin) => pluginLines(plugin, style)),
    ...(restart.length === 0
      ? []
      : [
          style.yellow("needs a restart: a program that runs cannot take it up"),
          ...restart.map((key) => keyLine(key, style)),
        ]),
  ];
}

function pluginLines(plugin: PluginPlan, style: Style): readonly string[] {
  const { name, change, isCodeChanged, widened, narrowed, keys } = plugin;
  const { mark, paint } = signOf(change, style);
  const version = versionOf(plugin);
  return [
    `${paint(mark)} ${style.bold(name)} ${change}${version === "" ? "" : ` ${style.dim(version)}`}`,
    ...(isCodeChanged ? [`    ${style.yellow("~")} its files`] : []),
    ...widened.map((one) => `    ${style.red("+")} ${grantText(one, "no longer denied")}`),
    ...narrowed.map((one) => `    ${style.green("-")} ${grantText(one, "denied")}`),
    ...keys.map((key) => keyLine(key, style)),
  ];
}

/** What a plugin may do more is what to look at, and so is red. */
function signOf(change: PluginPlan["change"], { green, red, yellow }: Style) {
  switch (change) {
    case "added":
    case "enabled":
      return { mark: "+", paint: green };
    case "removed":
    case "disabled":
      return { mark: "-", paint: red };
    case "changed":
      return { mark: "~", paint: yellow };
    default:
      return change satisfies never;
  }
}

function versionOf({ version: { before, after } }: PluginPlan): string {
  if (before === null || after === null || before === after) return after ?? before ?? "";
  return `${before} → ${after}`;
}

function grantText({ permission, entry, isDenial }: GrantChange, denial: string): string {
  return `${isDenial ? `${denial}: ` : "may "}${permission} ${entry}`;
}

function keyLine({ path, change, before, after }: KeyChange, style: Style): string {
  const mark = { added: style.green("+"), removed: style.red("-"), changed: style.yellow("~") }[change];
  const shown = [before, after].filter((value) => value !== null).join(" → ");
  // Of what was changed one value alone would look like the new one.
  const isWhole = change !== "changed" || (before !== null && after !== null);
  return `    ${mark} ${path}${isWhole && shown !== "" ? ` ${style.dim(shown)}` : ""}`;
}
