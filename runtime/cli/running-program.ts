import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ReadConfig } from "../app/index.ts";
import { hasCode, TelegraphistError } from "../contract/index.ts";

export interface AskOptions {
  /** Sent as JSON. @default none */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** @default 10_000 */
  readonly timeoutMs?: number;
}

/**
 * Asks the admin API of the program that runs under a configuration.
 *
 * @throws {TelegraphistError} `CLI_NOT_RUNNING` when nothing answers, else what the program answers with; the signal's
 * reason when it is aborted
 */
export async function askProgram(
  { config, baseFolder }: Pick<ReadConfig, "config" | "baseFolder">,
  method: "GET" | "POST" | "DELETE",
  path: string,
  { body, signal, timeoutMs = 10_000 }: AskOptions = {},
): Promise<unknown> {
  const { enabled, host, port, tokenFile } = config.admin;
  if (!enabled || port === 0) throw notRunning("admin.enabled must be true, and admin.port a fixed one");
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}${path}`;
  const token = await tokenOf(resolve(baseFolder, tokenFile));
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    throw refusal(response.status, answer);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TelegraphistError) throw error;
    throw notRunning(`nothing answers at ${host}:${port}, start it by "telegraphist run"`, error);
  }
}

async function tokenOf(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (hasCode(error, "ENOENT")) throw notRunning(`it was never started, as there is no ${path}`);
    throw error;
  }
}

function notRunning(reason: string, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "CLI_NOT_RUNNING",
    category: "NOT_FOUND",
    message: `Cannot ask the running program: ${reason}`,
    cause,
  });
}

/** The API's own error, as it says it. */
function refusal(status: number, body: unknown): TelegraphistError {
  // All errors of the admin API have this one shape; anything else leaves both open.
  const { error } = body as { readonly error?: { readonly code?: unknown; readonly message?: unknown } };
  return new TelegraphistError({
    code: typeof error?.code === "string" ? error.code : "CLI_REFUSED",
    category: "INVALID",
    message: typeof error?.message === "string" ? error.message : `Cannot ask the running program: ${status}`,
  });
}
