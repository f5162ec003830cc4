import { hasCode } from "../../contract/index.ts";
import { type CommandInput, UsageError } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { openProgram } from "../program.ts";
import { configPathOf, printProblems, readConfig } from "../read-config.ts";
import { cleanUp } from "./cleanup.ts";
import { exportString } from "./export.ts";
import { importString } from "./import.ts";
import { list } from "./list.ts";
import { keepPassword } from "./password.ts";
import { revoke } from "./revoke.ts";
import { rotate } from "./rotate.ts";
import type { SessionsInput } from "./sessions-input.ts";
import { show } from "./show.ts";

interface Action {
  readonly run: (input: SessionsInput) => Promise<ExitCode>;
  readonly needsName: boolean;
}

const actions: Readonly<Record<string, Action>> = {
  list: { run: list, needsName: false },
  show: { run: show, needsName: true },
  import: { run: importString, needsName: true },
  export: { run: exportString, needsName: true },
  rotate: { run: rotate, needsName: true },
  password: { run: keepPassword, needsName: true },
  revoke: { run: revoke, needsName: true },
  cleanup: { run: cleanUp, needsName: false },
};

/** `telegraphist sessions`: what the program has of the accounts, in its database and at Telegram. */
export async function sessionsCommand(input: CommandInput): Promise<ExitCode> {
  const { positionals, terminal } = input;
  const [actionName = "list", name = "", id] = positionals;
  const action = Object.hasOwn(actions, actionName) ? actions[actionName] : undefined;
  if (action === undefined) {
    throw new UsageError(
      `Argument ${JSON.stringify(actionName)} is none of ${Object.keys(actions).join(", ")}`,
    );
  }
  if (action.needsName && name === "") {
    throw new UsageError(`Argument NAME is missing: telegraphist sessions ${actionName} NAME`);
  }
  if (id !== undefined && actionName !== "revoke") {
    throw new UsageError(`Argument ${JSON.stringify(id)} is one too many`);
  }
  const path = configPathOf(input);
  const read = await readConfig(path, terminal.env);
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  const program = await openProgram({ read, terminal });
  try {
    return await action.run({ ...input, read, name, app: program.app });
  } catch (error) {
    if (!hasCode(error, "CLI_CANCELLED")) throw error;
    terminal.err("Nothing was changed");
    return exitCodes.interrupted;
  } finally {
    await program.stop();
  }
}
