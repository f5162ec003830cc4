import type { Authorization } from "../../app/index.ts";
import { hasCode } from "../../contract/index.ts";
import { askProgram } from "../running-program.ts";
import type { SessionsInput } from "./sessions-input.ts";

type Where = Pick<SessionsInput, "app" | "read">;

/** Asks Telegram by this program, or by the one that has the session now. */
export async function authorizationsOf(
  { app, read }: Where,
  name: string,
): Promise<readonly Authorization[]> {
  try {
    return await app.sessions.authorizations(name);
  } catch (error) {
    if (!hasCode(error, "LEASE_HELD")) throw error;
    // The program of the same version answers; its API is checked against this shape.
    const answer = (await askProgram(read, "GET", pathOf(name))) as {
      readonly authorizations: readonly Authorization[];
    };
    return answer.authorizations;
  }
}

export async function endAuthorization({ app, read }: Where, name: string, id: string): Promise<void> {
  try {
    await app.sessions.endAuthorization(name, id);
  } catch (error) {
    if (!hasCode(error, "LEASE_HELD")) throw error;
    await askProgram(read, "DELETE", `${pathOf(name)}/${encodeURIComponent(id)}`);
  }
}

function pathOf(name: string): string {
  return `/api/accounts/${encodeURIComponent(name)}/authorizations`;
}
