import { isCancel, log, select } from "@clack/prompts";
import { grantInFile } from "../../config/index.ts";
import type { AskPermission } from "../app/index.ts";

/** What a person may answer: for this run, for good, or not at all. */
export type PromptAnswer = "once" | "always" | "no";

export interface PermissionPromptOptions {
  /** The configuration that `always` is written into. */
  readonly configPath: string;
  /** @default a question on the terminal */
  readonly choose?: (message: string) => Promise<PromptAnswer>;
  /** Ends a question that nobody has answered. */
  readonly signal: AbortSignal;
}

/**
 * Asks a person about each thing that a plugin wants and that the configuration leaves open: one after another, and each
 * once in a run, however often the plugin starts.
 */
export function createPermissionPrompt({
  configPath,
  signal,
  choose = (message) => chooseOnTerminal(message, signal),
}: PermissionPromptOptions): AskPermission {
  const answers = new Map<string, Promise<boolean>>();
  let lastTurn: Promise<unknown> = Promise.resolve();
  return (question) => {
    const text = `Plugin "${question.plugin}" asks for ${question.permission} ${JSON.stringify(question.entry)}`;
    const known = answers.get(text);
    if (known !== undefined) return known;
    const turn = lastTurn.then(async () => {
      if (signal.aborted) return false;
      const answer = await choose(text);
      if (answer === "always") await writeDown(configPath, question);
      return answer !== "no";
    });
    answers.set(text, turn);
    lastTurn = turn.catch(() => undefined);
    return turn;
  };
}

/** What cannot be written holds for this run, and the person is told so. */
async function writeDown(configPath: string, question: Parameters<AskPermission>[0]): Promise<void> {
  try {
    await grantInFile(configPath, question);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(`It holds for this run alone, as it cannot be written into ${configPath}: ${reason}`);
  }
}

async function chooseOnTerminal(message: string, signal: AbortSignal): Promise<PromptAnswer> {
  const answer = await select<PromptAnswer>({
    message,
    options: [
      { value: "once", label: "Yes, until the program ends" },
      { value: "always", label: "Always, and write it into the configuration" },
      { value: "no", label: "No" },
    ],
    initialValue: "no",
    signal,
  });
  return isCancel(answer) ? "no" : answer;
}
