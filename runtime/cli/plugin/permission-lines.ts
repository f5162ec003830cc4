import type { PluginReview } from "../../app/index.ts";
import { type PermissionSet, permissionNames } from "../../contract/index.ts";
import type { Style } from "../terminal.ts";

type Item = PluginReview["permissions"][number];

/** What each thing that a plugin asks for has come to, a line each. */
export function permissionLines(items: readonly Item[], style: Style): readonly string[] {
  const width = Math.max(0, ...items.map((item) => nameOf(item).length));
  return items.map((item) => {
    const { mark, paint, word } = signOf(item, style);
    return `  ${paint(mark)} ${nameOf(item).padEnd(width)}  ${style.dim(word)}`;
  });
}

/** What a plugin asks for, a line each. */
export function requestLines(permissions: PermissionSet): readonly string[] {
  return permissionNames.flatMap((name) => (permissions[name] ?? []).map((entry) => `  ${name}: ${entry}`));
}

/** What a person may do about requests that are open. */
export function howToAllow(plugin: string, { cyan }: Style): string {
  const [allow, deny] = [`plugins.${plugin}.allow`, "deny"].map(cyan);
  return `Decide in ${allow} or ${deny}, or have ${cyan("telegraphist run --prompt")} ask for each`;
}

/** Whether a person still has to decide something. */
export function isOpen({ pin, permissions }: PluginReview): boolean {
  return pin.state === "widened" || permissions.some(({ state }) => state === "undecided");
}

function nameOf({ permission, entry }: Item): string {
  return `${permission}: ${entry}`;
}

function signOf({ state, allowedBy, deniedBy }: Item, style: Style) {
  switch (state) {
    case "granted":
      return { mark: "+", paint: style.green, word: "granted" };
    case "narrowed":
      return {
        mark: "~",
        paint: style.yellow,
        word: [
          `allowed: ${allowedBy.join(", ")}`,
          ...(deniedBy.length > 0 ? [`denied: ${deniedBy.join(", ")}`] : []),
        ].join("; "),
      };
    case "denied":
      return { mark: "-", paint: style.red, word: `denied: ${deniedBy.join(", ")}` };
    case "undecided":
      return { mark: "?", paint: style.yellow, word: "asked for, neither allowed nor denied" };
    case "unrequested":
      return { mark: "!", paint: style.dim, word: "allowed, and not asked for" };
    default:
      return state satisfies never;
  }
}
