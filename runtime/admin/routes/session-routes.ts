import { Elysia } from "elysia";
import { z } from "zod";
import type { AdminPort } from "../admin-port.ts";
import { authorizationReport } from "../authorization-report.ts";
import { errorAnswer } from "../reports.ts";
import { sessionReport } from "../session-report.ts";

const tags = ["accounts"];
const refusals = { 401: errorAnswer, 500: errorAnswer, 503: errorAnswer };
/** What an account answers that is logged out, or that Telegram wants to wait. */
const ofAccount = { ...refusals, 404: errorAnswer, 409: errorAnswer, 422: errorAnswer, 429: errorAnswer };
const account = z.string().min(1).max(200);

/** The sessions that the program has, and those of an account as Telegram lists them. */
export function sessionRoutes(
  port: Pick<AdminPort, "sessions" | "authorizations" | "endAuthorization" | "rotateSession">,
) {
  return new Elysia()
    .get("/api/sessions", async () => ({ sessions: await port.sessions() }), {
      response: {
        200: z.object({ sessions: z.array(sessionReport).readonly() }),
        ...refusals,
      },
      detail: { tags, summary: "The sessions that the program has, and when it ends those that nobody uses" },
    })
    .get(
      "/api/accounts/:name/authorizations",
      async ({ params }) => ({ authorizations: await port.authorizations(params.name) }),
      {
        params: z.object({ name: account }),
        response: {
          200: z.object({ authorizations: z.array(authorizationReport).readonly() }),
          ...ofAccount,
        },
        detail: { tags, summary: "The account's sessions as Telegram lists them, this program's first" },
      },
    )
    .post(
      "/api/accounts/:name/rotation",
      async ({ params }) => {
        await port.rotateSession(params.name);
        return { done: true as const };
      },
      {
        params: z.object({ name: account }),
        response: { 200: z.object({ done: z.literal(true) }), ...ofAccount },
        detail: { tags, summary: "Gives the account a session with a new key, and ends the former one" },
      },
    )
    .delete(
      "/api/accounts/:name/authorizations/:id",
      async ({ params }) => {
        await port.endAuthorization(params.name, params.id);
        return { done: true as const };
      },
      {
        params: z.object({ name: account, id: z.string().min(1).max(200) }),
        response: { 200: z.object({ done: z.literal(true) }), ...ofAccount },
        detail: { tags, summary: "Ends another session of the account" },
      },
    );
}
