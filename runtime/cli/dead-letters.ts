import { type CommandInput, UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { configPathOf, printProblems, readConfig } from "./read-config.ts";
import { askProgram } from "./running-program.ts";
import type { Terminal } from "./terminal.ts";

/** One of `/api/dead-letters`. */
interface DeadLetter {
  readonly id: string;
  readonly plugin: string;
  readonly type: string;
  readonly chatId: string | null;
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string };
  readonly failedAtMs: number;
}

/** `telegraphist dead-letters`: events that a plugin failed at for good, in the program that runs. */
export async function deadLettersCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, positionals, terminal } = input;
  const [action = "list", id] = positionals;
  if (!["list", "replay", "drop"].includes(action)) {
    throw new UsageError(`Argument ${JSON.stringify(action)} is none of list, replay, drop`);
  }
  if (action !== "list" && id === undefined) {
    throw new UsageError(`Argument ID is missing: telegraphist dead-letters ${action} ID`);
  }
  const path = configPathOf(input);
  const read = await readConfig(path, terminal.env);
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  if (action === "list") {
    // The program of the same version answers; its API is checked against this shape.
    const answer = (await askProgram(read, "GET", "/api/dead-letters?limit=500")) as {
      readonly deadLetters: readonly DeadLetter[];
    };
    if (flags.has("json")) terminal.out(JSON.stringify(answer));
    else print(answer.deadLetters, terminal);
    return exitCodes.ok;
  }
  const letter = `/api/dead-letters/${encodeURIComponent(id ?? "")}`;
  await (action === "replay"
    ? askProgram(read, "POST", `${letter}/replay`)
    : askProgram(read, "DELETE", letter));
  terminal.out(`${terminal.style.green("ok")} ${action === "replay" ? "given again" : "dropped"}: ${id}`);
  return exitCodes.ok;
}

function print(letters: readonly DeadLetter[], { out, style }: Terminal): void {
  if (letters.length === 0) out("There are no dead letters");
  for (const { id, plugin, type, chatId, attempts, error, failedAtMs } of letters) {
    const where = chatId === null ? "" : ` in chat ${chatId}`;
    out(`${style.bold(id.padStart(5))}  ${plugin}: ${type}${where}`);
    const when = new Date(failedAtMs).toISOString();
    out(`       ${style.dim(`${when}, after ${attempts} attempt(s): ${error.message} (${error.code})`)}`);
  }
}
