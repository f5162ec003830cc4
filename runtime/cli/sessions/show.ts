import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { SessionsInput } from "./sessions-input.ts";
import { timeOf } from "./times.ts";

/** `sessions show NAME`: all that is known of one, its keys aside. */
export async function show({ app, flags, name, terminal }: SessionsInput): Promise<ExitCode> {
  const session = await app.sessions.show(name);
  if (flags.has("json")) {
    terminal.out(JSON.stringify(session));
    return exitCodes.ok;
  }
  const { device, heldBy, ...rest } = session;
  const rows: readonly (readonly [string, string])[] = [
    ["account", `${rest.account}${rest.isConfigured ? "" : ", not in the configuration"}`],
    ["state", rest.state],
    ["user", rest.userId ?? "unknown"],
    ["data centre", String(rest.mainDataCentreId)],
    ["auth key id", rest.authKeyId ?? "unknown, as the vault opens no key"],
    ["vault key id", rest.vaultKeyId ?? "nothing is sealed"],
    ["device", device.model],
    ["system", device.systemVersion],
    ["version", device.appVersion],
    ["created", timeOf(rest.createdAtMs)],
    ["last used", timeOf(rest.lastUsedAtMs)],
    ["last verified", rest.lastVerifiedAtMs === null ? "never" : timeOf(rest.lastVerifiedAtMs)],
    ["unused from", timeOf(rest.unusedFromMs)],
    ["ends from", rest.endsFromMs === null ? "not told" : timeOf(rest.endsFromMs)],
    ["in use by", heldBy === null ? "nobody" : `process ${heldBy.pid} on ${heldBy.host}`],
  ];
  for (const [label, value] of rows) terminal.out(`${terminal.style.bold(label.padEnd(13))}  ${value}`);
  return exitCodes.ok;
}
