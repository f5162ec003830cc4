import { Elysia } from "elysia";
import { z } from "zod";
import { type LoginPort, loginReport } from "../login-port.ts";
import { errorAnswer } from "../reports.ts";

const tags = ["login"];
const refusals = {
  400: errorAnswer,
  401: errorAnswer,
  404: errorAnswer,
  422: errorAnswer,
  500: errorAnswer,
  503: errorAnswer,
};
const phone = z.string().min(3).max(32).describe("In international form");
const start = z.object({
  account: z.string().min(1).max(200).describe("Its name in the configuration"),
  by: z.enum(["phone", "qr"]).default("phone"),
  phone: phone.optional().describe("In international form; that of the configuration by default"),
});
const answered = {
  params: z.object({ id: z.string().min(1).max(64) }),
  response: { 200: loginReport, ...refusals },
};

/** Logging an account in step by step, for a machine without a terminal. */
export function loginRoutes(logins: LoginPort) {
  return new Elysia()
    .post("/api/logins", ({ body }) => logins.start(body), {
      body: start,
      response: { 200: loginReport, ...refusals },
      detail: {
        tags,
        summary: "Begins a login by phone or by a QR code; what it waits for stands under `now`",
      },
    })
    .get("/api/logins", () => ({ logins: logins.list() }), {
      response: { 200: z.object({ logins: z.array(loginReport).readonly() }), ...refusals },
      detail: { tags, summary: "Logins that go on, and the latest that are over" },
    })
    .get("/api/logins/:id", ({ params }) => logins.get(params.id), {
      ...answered,
      detail: { tags, summary: "Where a login stands" },
    })
    .post("/api/logins/:id/phone", ({ params, body }) => logins.answer(params.id, body), {
      ...answered,
      body: z.object({ phone }),
      detail: { tags, summary: "Gives the phone number" },
    })
    .post("/api/logins/:id/code", ({ params, body }) => logins.answer(params.id, body), {
      ...answered,
      body: z.object({ code: z.string().min(1).max(64) }),
      detail: { tags, summary: "Gives the code" },
    })
    .post("/api/logins/:id/resend", ({ params }) => logins.answer(params.id, { instead: "another-code" }), {
      ...answered,
      detail: { tags, summary: "Has another code sent, by the next way" },
    })
    .post(
      "/api/logins/:id/change-phone",
      ({ params }) => logins.answer(params.id, { instead: "another-phone" }),
      { ...answered, detail: { tags, summary: "Goes back to the phone number" } },
    )
    .post("/api/logins/:id/password", ({ params, body }) => logins.answer(params.id, body), {
      ...answered,
      body: z.object({ password: z.string().min(1).max(1000) }),
      detail: { tags, summary: "Gives the password of two-step verification" },
    })
    .delete("/api/logins/:id", ({ params }) => cancelled(logins.cancel(params.id)), {
      params: answered.params,
      response: { 200: z.object({ done: z.literal(true) }), ...refusals },
      detail: { tags, summary: "Gives a login up; nothing is kept of it" },
    });
}

async function cancelled(cancelling: Promise<void>): Promise<{ done: true }> {
  await cancelling;
  return { done: true };
}
