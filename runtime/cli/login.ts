import { cancel, intro, outro } from "@clack/prompts";
import type { LoginPrompts, QrPrompts, ReadConfig } from "../app/index.ts";
import { hasCode, type User } from "../contract/index.ts";
import type { CommandInput } from "./command.ts";
import { UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { phonePrompts, qrPrompts } from "./login-prompts.ts";
import { openProgram } from "./program.ts";
import { configPathOf, printProblems, readConfig } from "./read-config.ts";
import { watchStopSignals } from "./stop-signal.ts";
import { takenUp } from "./taken-up.ts";
import type { Terminal } from "./terminal.ts";

/**
 * `telegraphist login NAME`: asks for phone, code, and password, or shows a QR code, and seals the session. A program that
 * runs takes the account up then.
 */
export async function loginCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal, positionals } = input;
  const [name = ""] = positionals;
  const path = configPathOf(input);
  const read = await readConfig(path, terminal.env);
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  if (!process.stdin.isTTY || !terminal.isInteractive) throw needsTerminal();
  using stop = watchStopSignals({
    onForced: (reason) => terminal.err(`${terminal.style.red("error:")} Stopped without order as ${reason}`),
  });
  const { signal } = stop;
  try {
    intro(`Log in the account "${name}"`);
    const prompts = flags.has("qr")
      ? qrPrompts({ terminal, signal, screen: process.stderr })
      : phonePrompts({ knownPhone: read.config.accounts[name]?.phone, signal });
    const user = await logIn({ read, account: name, prompts }, terminal);
    outro(`Logged in as ${user.displayName}. ${await takenUp(read, name)}`);
    return exitCodes.ok;
  } catch (error) {
    if (signal.aborted || hasCode(error, "CLI_CANCELLED")) {
      cancel("Nothing was changed");
      return exitCodes.interrupted;
    }
    throw error;
  }
}

interface Login {
  readonly read: ReadConfig;
  readonly account: string;
  readonly prompts: LoginPrompts | QrPrompts;
}

/** The session is given back when it resolves. */
async function logIn({ read, account, prompts }: Login, terminal: Terminal): Promise<User> {
  const program = await openProgram({ read, terminal });
  try {
    return await program.app.login(account, prompts);
  } finally {
    await program.stop();
  }
}

function needsTerminal(): UsageError {
  return new UsageError(
    "Command login asks questions and needs a terminal: run it in one, by ssh -t, or log in over the API of " +
      '"telegraphist run --await-login" (docs/login.md)',
  );
}
