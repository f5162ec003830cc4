import { z } from "zod";
import { failure } from "./reports.ts";

const attempt = z
  .number()
  .describe("1 at first, one more after each answer that was not taken; five at most");
const problem = failure.nullable().describe("Why the last answer was not taken");
const channel = z.enum(["app", "sms", "call", "missed-call", "email", "fragment", "other"]);

const loginStep = z.discriminatedUnion("step", [
  z.object({ step: z.literal("working") }).describe("Telegram is asked; look again"),
  z.object({ step: z.literal("phone"), attempt, problem }),
  z.object({
    step: z.literal("code"),
    attempt,
    problem,
    sentVia: channel,
    nextVia: channel.nullable().describe("What another code would be sent by"),
    length: z.number().nullable(),
  }),
  z.object({
    step: z.literal("scan"),
    url: z.string().describe("To be drawn as a QR code, and scanned under Settings, Devices"),
    validUntilMs: z.number().describe("Another one takes its place then: look again"),
  }),
  z.object({ step: z.literal("password"), attempt, problem, hint: z.string().nullable() }),
  z.object({
    step: z.literal("done"),
    userId: z.string(),
    isRunning: z.boolean().describe("Whether the account was started"),
  }),
  z.object({ step: z.literal("failed"), error: failure }),
]);
export type LoginStep = Readonly<z.infer<typeof loginStep>>;

/** A login over the API. It holds no number, code, or password. */
export const loginReport = z.object({
  id: z.string(),
  account: z.string(),
  by: z.enum(["phone", "qr"]),
  startedAtMs: z.number(),
  expiresAtMs: z.number().describe("It is given up then, ten minutes after its beginning"),
  now: loginStep.describe("Where it stands, and what it waits for"),
});
export type LoginReport = Readonly<z.infer<typeof loginReport>>;

export interface LoginStart {
  readonly account: string;
  readonly by: "phone" | "qr";
  /** @default that of the configuration, or else asked for as the first step */
  readonly phone?: string | undefined;
}

/** What a person gives at a step. */
export type LoginAnswer =
  | { readonly phone: string }
  | { readonly code: string }
  | { readonly instead: "another-code" | "another-phone" }
  | { readonly password: string };

/**
 * Logins in steps, for a machine without a terminal. Each resolves when the login waits for something again, or after a
 * while with `working`; MUST reject with category `NOT_FOUND` for an id that there is none of.
 */
export interface LoginPort {
  /** MUST bound how many there are at once. */
  start(request: LoginStart): Promise<LoginReport>;
  list(): readonly LoginReport[];
  get(id: string): LoginReport;
  answer(id: string, answer: LoginAnswer): Promise<LoginReport>;
  cancel(id: string): Promise<void>;
}
