import { password } from "@clack/prompts";
import { answered } from "../answered.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { takenUp } from "../taken-up.ts";
import { readInput } from "./read-input.ts";
import type { SessionsInput } from "./sessions-input.ts";

/** `sessions import NAME`: takes over the session of another library, from a question or from standard input. */
export async function importString({ app, name, read, terminal }: SessionsInput): Promise<ExitCode> {
  const { err, style } = terminal;
  err(
    `${style.yellow("note:")} Stop the other program first: Telegram ends a session that two programs use.`,
  );
  const sessionString = process.stdin.isTTY ? await ask() : await readInput();
  const user = await app.login(name, { sessionString });
  terminal.out(`${style.green("ok")} the session is good and kept: ${name} is ${user.displayName}`);
  err(await takenUp(read, name));
  return exitCodes.ok;
}

function ask(): Promise<string> {
  return answered(
    password({
      message: "Session string of GramJS, Telethon, Pyrogram, or mtcute",
      output: process.stderr,
      validate: (value = "") => (value.trim() === "" ? "Paste the string" : undefined),
    }),
  );
}
