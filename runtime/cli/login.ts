import { cancel, intro, outro } from "@clack/prompts";
import type { LoginPrompts, QrPrompts, ReadConfig } from "../app/index.ts";
import { hasCode } from "../contract/index.ts";
import type { CommandInput } from "./command.ts";
import { UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { logInByProgram } from "./login-by-program.ts";
import { phonePrompts, qrPrompts } from "./login-prompts.ts";
import { openProgram } from "./program.ts";
import { configPathOf, printProblems, readConfig } from "./read-config.ts";
import { watchStopSignals } from "./stop-signal.ts";
import type { Terminal } from "./terminal.ts";

/**
 * `telegraphist login NAME`: asks for phone, code, and password, or shows a QR code, and seals the session. A program that
 * runs is asked to do it, as it takes the account up then; without one this process does.
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
      ? qrPrompts({ terminal, signal })
      : phonePrompts({ knownPhone: read.config.accounts[name]?.phone, signal });
    const login = { read, account: name, prompts, signal };
    outro((await logInByProgram(login)) ?? (await logInHere(login, terminal)));
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

/** Returns what to tell the person. */
async function logInHere({ read, account, prompts }: Login, terminal: Terminal): Promise<string> {
  const program = await openProgram({ read, terminal });
  try {
    const user = await program.app.login(account, prompts);
    return `Logged in as ${user.displayName}. Start it with: telegraphist run`;
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
