import { setTimeout as sleep } from "node:timers/promises";
import type { LoginPrompts, LoginReport, QrPrompts, ReadConfig } from "../app/index.ts";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { type AskOptions, askProgram } from "./running-program.ts";

export interface ProgramLogin {
  readonly read: ReadConfig;
  readonly account: string;
  readonly prompts: LoginPrompts | QrPrompts;
  readonly signal: AbortSignal;
}

type Step = LoginReport["now"];

/** How often a login that waits for Telegram, or for a scan, is looked at. */
const lookEveryMs = 500;
/** As long as the API may take. */
const timeoutMs = 60_000;

/**
 * Logs in over the API of the program that runs under the configuration. Given up, it is given up there too.
 *
 * @returns what to tell the person; `null` when no program of this configuration runs
 * @throws {TelegraphistError} what the login came to, or the prompts throw
 */
export async function logInByProgram(login: ProgramLogin): Promise<string | null> {
  const begun = await begin(login);
  if (begun === null) return null;
  let report = begun;
  let shownUrl = "";
  try {
    for (;;) {
      const { now } = report;
      if (now.step === "done") return toldOf(now);
      if (now.step === "failed") throw errorOf(now.error);
      if (now.step === "scan" && now.url !== shownUrl && "showQr" in login.prompts) {
        login.prompts.showQr(now);
        shownUrl = now.url;
      }
      report = await next(login, report);
    }
  } catch (error) {
    if (report.now.step !== "failed") await giveUp(login, begun);
    throw error;
  }
}

async function begin({ read, account, prompts, signal }: ProgramLogin): Promise<LoginReport | null> {
  const body = { account, by: "showQr" in prompts ? "qr" : "phone" };
  try {
    return await ask(read, "POST", "/api/logins", { body, signal });
  } catch (error) {
    // Another program than this configuration's may have the port.
    if (hasCode(error, "CLI_NOT_RUNNING", "ADMIN_UNAUTHORIZED")) return null;
    throw error;
  }
}

/** Gives what the login waits for, or looks again. */
async function next({ read, prompts, signal }: ProgramLogin, { id, now }: LoginReport): Promise<LoginReport> {
  const answer = await answerTo(now, prompts);
  const path = `/api/logins/${id}`;
  if (answer !== null) {
    return ask(read, "POST", `${path}/${answer.to}`, { body: answer.body, signal });
  }
  await sleep(lookEveryMs, undefined, { signal });
  return ask(read, "GET", path, { signal });
}

interface Answer {
  /** The last part of its path. */
  readonly to: string;
  readonly body?: unknown;
}

async function answerTo(now: Step, prompts: LoginPrompts | QrPrompts): Promise<Answer | null> {
  if (now.step === "password") {
    const password = await prompts.password({ ...now, problem: problemOf(now) });
    return { to: now.step, body: { password } };
  }
  if (now.step === "phone" && "phone" in prompts) {
    return { to: now.step, body: { phone: await prompts.phone({ ...now, problem: problemOf(now) }) } };
  }
  if (now.step === "code" && "code" in prompts) {
    const code = await prompts.code({ ...now, problem: problemOf(now) });
    if (typeof code === "string") return { to: now.step, body: { code } };
    return { to: code.instead === "another-code" ? "resend" : "change-phone" };
  }
  return null;
}

/** A login that cannot be given up ends by itself, ten minutes after its beginning. */
async function giveUp({ read }: ProgramLogin, { id }: LoginReport): Promise<void> {
  try {
    await askProgram(read, "DELETE", `/api/logins/${id}`);
  } catch (error) {
    if (!hasCode(error, "CLI_NOT_RUNNING", "LOGIN_NOT_FOUND")) throw error;
  }
}

function ask(
  read: ReadConfig,
  method: "GET" | "POST",
  path: string,
  options: AskOptions,
): Promise<LoginReport> {
  // The program of the same version answers; its API is checked against this shape.
  return askProgram(read, method, path, { ...options, timeoutMs }) as Promise<LoginReport>;
}

function toldOf({ isRunning }: Extract<Step, { step: "done" }>): string {
  return isRunning
    ? "Logged in. The program that runs uses the account from now on"
    : "Logged in. The program that runs could not start the account: its log says why";
}

function problemOf({ problem }: Extract<Step, { step: "phone" | "code" | "password" }>) {
  return problem === null ? null : errorOf(problem).toJSON();
}

function errorOf({ code, message }: { readonly code: string; readonly message: string }): TelegraphistError {
  return new TelegraphistError({ code, category: "AUTH", message });
}
