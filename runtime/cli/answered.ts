import { TelegraphistError } from "../contract/index.ts";

/** The answer to a question. @throws {TelegraphistError} `CLI_CANCELLED` when Ctrl-C was pressed at it */
export async function answered(question: Promise<string | symbol>): Promise<string> {
  const answer = await question;
  if (typeof answer !== "symbol") return answer;
  throw new TelegraphistError({
    code: "CLI_CANCELLED",
    category: "CANCELLED",
    message: "Cannot go on: cancelled at a question",
  });
}
