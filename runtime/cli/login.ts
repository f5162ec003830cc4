import { cancel, intro, outro } from "@clack/prompts";
import { hasCode } from "../contract/index.ts";
import type { CommandInput } from "./command.ts";
import { UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { phonePrompts, qrPrompts } from "./login-prompts.ts";
import { openProgram } from "./program.ts";
import { configPathOf, printProblems, readConfig } from "./read-config.ts";
import { watchStopSignals } from "./stop-signal.ts";

/** `telegraphist login NAME`: asks for phone, code, and password, or shows a QR code, and seals the session. */
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
  const program = await openProgram({ read, terminal });
  try {
    intro(`Log in the account "${name}"`);
    const { signal } = stop;
    const way = flags.has("qr")
      ? qrPrompts({ terminal, signal })
      : phonePrompts({ knownPhone: read.config.accounts[name]?.phone, signal });
    const user = await program.app.login(name, way);
    outro(`Logged in as ${user.displayName}. Start it with: telegraphist run`);
    return exitCodes.ok;
  } catch (error) {
    if (stop.signal.aborted || hasCode(error, "CLI_CANCELLED")) {
      cancel("Nothing was changed");
      return exitCodes.interrupted;
    }
    throw error;
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
