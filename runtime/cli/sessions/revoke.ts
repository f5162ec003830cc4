import { type ExitCode, exitCodes } from "../exit-code.ts";
import { endAuthorization } from "./authorizations.ts";
import { confirm } from "./confirm.ts";
import type { SessionsInput } from "./sessions-input.ts";

/** `sessions revoke NAME [ID]`: ends ours, or another of the account's by its number. */
export async function revoke(input: SessionsInput): Promise<ExitCode> {
  const { app, flags, name, positionals, terminal } = input;
  const { out, style } = terminal;
  const [, , id] = positionals;
  if (id !== undefined) {
    await endAuthorization(input, name, id);
    out(`${style.green("ok")} the session ${id} of ${name} is ended`);
    return exitCodes.ok;
  }
  await app.sessions.show(name);
  if (!flags.has("yes")) {
    const message = `The session of "${name}" is ended and a new login needed. Type "${name}"`;
    await confirm({ message, word: name, flag: "yes" });
  }
  const end = await app.sessions.end(name);
  out(
    `${style.green("ok")} the session of ${name} ${end === "ended" ? "is ended" : "was over, and is forgotten"}`,
  );
  return exitCodes.ok;
}
