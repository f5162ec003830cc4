import type { Authorization } from "../../app/index.ts";
import { askProgram } from "../running-program.ts";
import { hereOrThere } from "./here-or-there.ts";
import type { SessionsInput } from "./sessions-input.ts";

type Where = Pick<SessionsInput, "app" | "read">;

/** Asks Telegram by this program, or by the one that has the session now. */
export function authorizationsOf({ app, read }: Where, name: string): Promise<readonly Authorization[]> {
  return hereOrThere(
    () => app.sessions.authorizations(name),
    async () => {
      // The program of the same version answers; its API is checked against this shape.
      const answer = (await askProgram(read, "GET", pathOf(name))) as {
        readonly authorizations: readonly Authorization[];
      };
      return answer.authorizations;
    },
  );
}

export function endAuthorization({ app, read }: Where, name: string, id: string): Promise<void> {
  return hereOrThere(
    () => app.sessions.endAuthorization(name, id),
    async () => void (await askProgram(read, "DELETE", `${pathOf(name)}/${encodeURIComponent(id)}`)),
  );
}

function pathOf(name: string): string {
  return `/api/accounts/${encodeURIComponent(name)}/authorizations`;
}
