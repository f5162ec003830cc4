import type { PluginReview } from "../../app/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { namesIn, readEntries, reviewsOf } from "./entries.ts";
import { howToAllow, isOpen, permissionLines } from "./permission-lines.ts";

/** `telegraphist plugin diff`: what plugins ask for against what they are granted; fails where a decision is due. */
export async function diffPluginsCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, flags } = input;
  const read = await readEntries(input);
  if (read === null) return exitCodes.failed;
  const reviews = await reviewsOf(namesIn(input, read), read, input);
  if (flags.has("json")) {
    const plugins = reviews.map((review) => {
      if ("problem" in review) return review;
      const { name, pin, permissions } = review;
      return { name, isOpen: isOpen(review), pin, permissions };
    });
    terminal.out(JSON.stringify({ plugins }));
  } else {
    for (const review of reviews) {
      if ("problem" in review) terminal.out(`${terminal.style.bold(review.name)}\n  ${review.problem}`);
      else print(review, terminal);
    }
  }
  return reviews.every((review) => !("problem" in review) && !isOpen(review))
    ? exitCodes.ok
    : exitCodes.failed;
}

function print({ name, plugin, pin, permissions }: PluginReview, { out, style }: Terminal): void {
  out(`${style.bold(name)} ${plugin.manifest.version}`);
  if (permissions.length === 0) out(style.dim("  asks for nothing"));
  for (const line of permissionLines(permissions, style)) out(line);
  if (pin.state === "widened") {
    const wider = pin.wider.map(({ permission, entry }) => `${permission}: ${entry}`);
    out(
      style.yellow(`  It asks for more than when it was accepted, and does not start: ${wider.join(", ")}`),
    );
    out(`  Look its code over, then run ${style.cyan(`telegraphist plugin grant ${name}`)}`);
  }
  if (permissions.some(({ state }) => state === "undecided")) out(`  ${howToAllow(name, style)}`);
}
