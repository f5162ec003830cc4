import { type ExitCode, exitCodes } from "../exit-code.ts";
import { askProgram } from "../running-program.ts";
import { hereOrThere } from "./here-or-there.ts";
import type { SessionsInput } from "./sessions-input.ts";

/** As long as the API may take. */
const timeoutMs = 60_000;

/** `sessions rotate NAME`: gives the account a session with a new key, by this program or by the one that has it. */
export async function rotate({ app, name, read, terminal }: SessionsInput): Promise<ExitCode> {
  const path = `/api/accounts/${encodeURIComponent(name)}/rotation`;
  await hereOrThere(
    () => app.sessions.rotate(name),
    async () => void (await askProgram(read, "POST", path, { timeoutMs })),
  );
  terminal.out(`${terminal.style.green("ok")} ${name} has a session with a new key; the former one is ended`);
  return exitCodes.ok;
}
