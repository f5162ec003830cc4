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
  out(`${style.green("ok")} the session of ${name} ${ends[await app.sessions.end(name)]}`);
  return exitCodes.ok;
}

const ends = {
  ended: "is ended",
  "was-over": "was over, and is forgotten",
  "key-lost": "is forgotten, as its key is lost: end it in Telegram's list of devices",
};
