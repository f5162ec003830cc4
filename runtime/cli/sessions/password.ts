import { password } from "@clack/prompts";
import { answered } from "../answered.ts";
import { UsageError } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { readInput } from "./read-input.ts";
import type { SessionsInput } from "./sessions-input.ts";

/** `sessions password NAME`: keeps the password of two-step verification, sealed, or forgets it by `--forget`. */
export async function keepPassword({ app, flags, name, terminal }: SessionsInput): Promise<ExitCode> {
  const { err, out, style } = terminal;
  // Before anybody types a secret in vain.
  await app.sessions.show(name);
  if (flags.has("forget")) {
    await app.sessions.keepPassword(name, null);
    out(`${style.green("ok")} no password of ${name} is kept`);
    return exitCodes.ok;
  }
  err(
    "It is sealed in the database, and given to Telegram when the session is renewed: nothing else uses it.",
  );
  const text = process.stdin.isTTY ? await ask() : (await readInput()).replace(/\r?\n$/, "");
  if (text === "") throw new UsageError("A password is wanted: --forget takes it away");
  await app.sessions.keepPassword(name, text);
  out(
    `${style.green("ok")} the password of ${name} is kept; try it by: telegraphist sessions rotate ${name}`,
  );
  return exitCodes.ok;
}

function ask(): Promise<string> {
  return answered(password({ message: "Password of two-step verification", output: process.stderr }));
}
