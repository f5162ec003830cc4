import type { Finding, ReadConfig } from "../app/index.ts";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { askProgram } from "./running-program.ts";

/** An account as the program that runs tells of it. */
interface RunningAccount {
  readonly name: string;
  readonly state: string;
  readonly lastError: Failure | null;
  readonly waits: readonly { readonly isRestriction: boolean }[];
}

interface Look {
  readonly isFit: boolean;
  readonly latencyMs: number | null;
  readonly error: Failure | null;
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** An account is pinged for 10 s at most, and its session asked for as long. */
const timeoutMs = 25_000;

/** Whether each account of the program that runs can be used now; nothing when none runs. */
export async function accountFindings(read: ReadConfig): Promise<readonly Finding[]> {
  try {
    // The program of the same version answers; its API is checked against these shapes.
    const { accounts } = (await askProgram(read, "GET", "/api/accounts")) as {
      readonly accounts: readonly RunningAccount[];
    };
    return await Promise.all(
      accounts.map(async (account) => {
        const path = `/api/accounts/${encodeURIComponent(account.name)}/check`;
        return findingOf(account, (await askProgram(read, "POST", path, { timeoutMs })) as Look);
      }),
    );
  } catch (error) {
    if (hasCode(error, "CLI_NOT_RUNNING")) return [];
    if (!(error instanceof TelegraphistError)) throw error;
    return [{ subject: "accounts", state: "warning", detail: error.code, advice: error.message }];
  }
}

function findingOf({ name, state, lastError, waits }: RunningAccount, look: Look): Finding {
  const subject = `account ${name}`;
  if (!look.isFit) {
    const detail = `${state}, ${look.error?.code ?? "not fit"}`;
    return { subject, state: "failed", detail, advice: adviceFor(name, state, look.error, lastError) };
  }
  const detail = `${state}, answers in ${Math.round(look.latencyMs ?? 0)} ms`;
  if (state !== "frozen" && !waits.some(({ isRestriction }) => isRestriction)) {
    return { subject, state: "ok", detail, advice: null };
  }
  const advice = "Telegram restricts it: see /api/accounts, and ask @SpamBot in Telegram for the reason";
  return { subject, state: "warning", detail: `${detail}, and is restricted`, advice };
}

function adviceFor(name: string, state: string, why: Failure | null, last: Failure | null): string {
  if (state === "new" || state === "logged-out") return `Log in: telegraphist login ${name}`;
  const reason = state === "online" || state === "catching-up" ? why : (last ?? why);
  return reason?.message ?? "Look into the program's log";
}
