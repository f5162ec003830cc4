import type { Authorization, SessionReport } from "../../app/index.ts";
import { TelegraphistError } from "../../contract/index.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { failureText } from "../failure.ts";
import type { Style, Terminal } from "../terminal.ts";
import { authorizationsOf } from "./authorizations.ts";
import type { SessionsInput } from "./sessions-input.ts";
import { ago, timeOf } from "./times.ts";

interface Row {
  readonly session: SessionReport;
  /** `null` when Telegram was not asked, or did not say. */
  readonly remote: readonly Authorization[] | null;
  /** Why Telegram did not say. */
  readonly error: TelegraphistError | null;
}

/**
 * `sessions list [NAME] [--remote]`: ours, and with `--remote` the account's others as Telegram lists them. An account
 * that cannot be asked of is told among the others.
 */
export async function list(input: SessionsInput): Promise<ExitCode> {
  const { app, flags, name, terminal } = input;
  const sessions = name === "" ? await app.sessions.list() : [await app.sessions.show(name)];
  const rows: Row[] = [];
  for (const session of sessions) {
    const isAsked = flags.has("remote") && session.state === "active";
    rows.push(isAsked ? await ask(input, session) : { session, remote: null, error: null });
  }
  if (flags.has("json")) terminal.out(JSON.stringify({ sessions: rows.map(jsonOf) }));
  else if (rows.length === 0) terminal.out('There are no sessions: run "telegraphist login NAME"');
  else for (const row of rows) print(row, terminal);
  return rows.some(({ error }) => error !== null) ? exitCodes.failed : exitCodes.ok;
}

async function ask(input: SessionsInput, session: SessionReport): Promise<Row> {
  try {
    return { session, remote: await authorizationsOf(input, session.account), error: null };
  } catch (error) {
    if (!(error instanceof TelegraphistError)) throw error;
    return { session, remote: null, error };
  }
}

function jsonOf({ session, remote, error }: Row) {
  if (error !== null) return { ...session, error: { code: error.code, message: error.message } };
  return remote === null ? session : { ...session, remote };
}

function print({ session, remote, error }: Row, terminal: Terminal): void {
  const { out, style } = terminal;
  const { account, device, endsFromMs, heldBy, lastUsedAtMs, mainDataCentreId, unusedFromMs, userId } =
    session;
  const nowMs = Date.now();
  out(
    `${style.bold(account)}  ${stateOf(session, style)}  user ${userId ?? "unknown"}, data centre ${mainDataCentreId}`,
  );
  out(`   ${device.model} ${device.appVersion}, used ${ago(lastUsedAtMs, nowMs)}`);
  if (heldBy !== null) out(style.dim(`   in use by process ${heldBy.pid} on ${heldBy.host}`));
  else if (unusedFromMs <= nowMs) {
    const end = endsFromMs === null ? "" : `, a program that runs ends it from ${timeOf(endsFromMs)} on`;
    out(style.yellow(`   unused for two weeks${end}: "telegraphist sessions cleanup" ends it now`));
  }
  if (error !== null) out(`   ${failureText(error, terminal)}`);
  for (const { id, isCurrent, ...other } of remote ?? []) {
    const name = isCurrent ? style.green("this one".padEnd(20)) : style.cyan(id.padEnd(20));
    const notes = [
      `${other.deviceModel}, ${other.appName} ${other.appVersion}`,
      `active ${ago(other.lastActiveAtMs, nowMs)}`,
      ...(other.isUnconfirmed ? [style.yellow("not confirmed")] : []),
    ];
    out(`   ${name} ${notes.join(", ")}`);
  }
}

function stateOf({ state, isConfigured }: SessionReport, style: Style): string {
  if (state === "logged-out") return style.red("over");
  return isConfigured ? style.green("active") : style.yellow("active, not in the configuration");
}
