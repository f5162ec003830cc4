import { TelegraphistError } from "../../contract/index.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { failureText } from "../failure.ts";
import { confirm } from "./confirm.ts";
import type { SessionsInput } from "./sessions-input.ts";
import { ago } from "./times.ts";

/** `sessions cleanup`: ends what nobody has used for two weeks, after it has said which. */
export async function cleanUp({ app, flags, terminal }: SessionsInput): Promise<ExitCode> {
  const { err, out, style } = terminal;
  const isJson = flags.has("json");
  const unused = await app.sessions.unused();
  const ended: string[] = [];
  const failed: string[] = [];
  const tell = isJson ? err : out;
  if (unused.length === 0) tell("No session is unused for two weeks");
  for (const { account, lastUsedAtMs } of unused)
    tell(`${style.bold(account)}  used ${ago(lastUsedAtMs, Date.now())}`);
  if (unused.length > 0 && !flags.has("dry-run")) {
    if (!flags.has("yes")) {
      await confirm({ message: 'These sessions are ended. Type "end"', word: "end", flag: "yes" });
    }
    for (const { account } of unused) {
      try {
        await app.sessions.end(account);
        ended.push(account);
        tell(`${style.green("ok")} ${account} is ended`);
      } catch (error) {
        if (!(error instanceof TelegraphistError)) throw error;
        // The others are ended all the same.
        failed.push(account);
        err(failureText(error, terminal));
      }
    }
  }
  if (isJson) out(JSON.stringify({ unused: unused.map(({ account }) => account), ended, failed }));
  return failed.length === 0 ? exitCodes.ok : exitCodes.failed;
}
