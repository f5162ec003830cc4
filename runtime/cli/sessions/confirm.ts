import { text } from "@clack/prompts";
import { answered } from "../answered.ts";
import { UsageError } from "../command.ts";

/**
 * Has a person type a word to show that they mean it.
 *
 * @param options.flag what a script gives in its place
 * @throws {UsageError} without a terminal; {TelegraphistError} `CLI_CANCELLED` at Ctrl-C
 */
export async function confirm({
  message,
  word,
  flag,
}: {
  readonly message: string;
  readonly word: string;
  readonly flag: string;
}): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`A person has to confirm this on a terminal: a script gives --${flag}`);
  }
  await answered(
    text({
      message,
      output: process.stderr,
      validate: (value = "") => (value.trim() === word ? undefined : `Type ${word}, or press Ctrl-C`),
    }),
  );
}
