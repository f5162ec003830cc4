import { type SessionFormat, sessionFormats } from "../../app/index.ts";
import { UsageError } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { confirm } from "./confirm.ts";
import type { SessionsInput } from "./sessions-input.ts";

/** What a script has to say for the string. */
export const exportFlag = "yes-i-know-it-is-the-whole-account";

/** `sessions export NAME --format FORMAT`: writes the string to standard output, and nothing else. */
export async function exportString(input: SessionsInput): Promise<ExitCode> {
  const { app, flags, name, terminal, values } = input;
  const { err, style } = terminal;
  const format = formatOf(values.get("format"));
  const { heldBy } = await app.sessions.show(name);
  // Before anybody confirms in vain.
  const text = await app.sessions.export(name, format);
  err(
    [
      style.red("The string is the whole account:"),
      ...(heldBy === null
        ? []
        : [
            `  Process ${heldBy.pid} on ${heldBy.host} uses the session now: stop it before the string is used.`,
          ]),
      "  Whoever has it reads and writes as you, without a code and without a password.",
      "  Telegram ends the session when two programs use it at once: stop this one before another begins.",
      `  Undo it by: telegraphist sessions revoke ${name}`,
    ].join("\n"),
  );
  if (!flags.has(exportFlag)) {
    await confirm({ message: `Type "${name}" to see the string`, word: name, flag: exportFlag });
  }
  terminal.out(text);
  return exitCodes.ok;
}

/** @throws {UsageError} */
function formatOf(text: string | undefined): SessionFormat {
  if (text === undefined) return "gramjs";
  const known = sessionFormats.find((format) => format === text);
  if (known !== undefined) return known;
  throw new UsageError(
    `Option --format takes one of ${sessionFormats.join(", ")}: received ${JSON.stringify(text)}`,
  );
}
