import type { Authorization, SessionReport } from "../../app/index.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Style, Terminal } from "../terminal.ts";
import { ago } from "./ago.ts";
import { authorizationsOf } from "./authorizations.ts";
import type { SessionsInput } from "./sessions-input.ts";

/** `sessions list [NAME] [--remote]`: ours, and with `--remote` the account's others as Telegram lists them. */
export async function list(input: SessionsInput): Promise<ExitCode> {
  const { app, flags, name, terminal } = input;
  const sessions = name === "" ? await app.sessions.list() : [await app.sessions.show(name)];
  const rows: { session: SessionReport; remote: readonly Authorization[] | null }[] = [];
  for (const session of sessions) {
    const isAsked = flags.has("remote") && session.state === "active";
    rows.push({ session, remote: isAsked ? await authorizationsOf(input, session.account) : null });
  }
  if (flags.has("json")) {
    const answer = rows.map(({ session, remote }) => (remote === null ? session : { ...session, remote }));
    terminal.out(JSON.stringify({ sessions: answer }));
    return exitCodes.ok;
  }
  if (rows.length === 0) terminal.out('There are no sessions: run "telegraphist login NAME"');
  for (const { session, remote } of rows) print(session, remote, terminal);
  return exitCodes.ok;
}

function print(
  session: SessionReport,
  remote: readonly Authorization[] | null,
  { out, style }: Terminal,
): void {
  const { account, device, heldBy, lastUsedAtMs, mainDataCentreId, unusedFromMs, userId } = session;
  const nowMs = Date.now();
  out(
    `${style.bold(account)}  ${stateOf(session, style)}  user ${userId ?? "unknown"}, data centre ${mainDataCentreId}`,
  );
  out(`   ${device.model} ${device.appVersion}, used ${ago(lastUsedAtMs, nowMs)}`);
  if (heldBy !== null) out(style.dim(`   in use by process ${heldBy.pid} on ${heldBy.host}`));
  else if (unusedFromMs <= nowMs) {
    out(style.yellow('   unused for two weeks: "telegraphist sessions cleanup" ends it'));
  }
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
