import { expect } from "bun:test";

/** One hostile plugin of the folder `plugins`, and what becomes of it. */
export interface HostilePlugin {
  /** The entry's name; the file's, where `file` does not say otherwise. */
  readonly name: string;
  readonly file?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly allow?: Readonly<Record<string, readonly string[]>>;
  /** What stands in the record about it. */
  readonly recorded: Readonly<Record<string, unknown>>;
}

export interface Targets {
  /** The program's own pages. */
  readonly adminUrl: string;
  /** A server that sends whoever asks on to the cloud's metadata. */
  readonly redirectUrl: URL;
  /** Where something listens to which nobody may connect. */
  readonly listeningPort: number;
  readonly listeningPath: string;
  readonly abstractPath: string;
  readonly secretVariable: string;
}

const byKernel = { call: "plugin.failed", verdict: "denied" };
const everyChat = { telegram: ["messages:read"], chats: ["*"] };

function failed(code: unknown) {
  return { call: "plugin.failed", verdict: "failed", code };
}

function frames(name: string, what: string, code: string): HostilePlugin {
  return { name, file: "raw-frames", config: { frames: what }, recorded: failed(code) };
}

/** Every hostile plugin. */
export function hostilePlugins(targets: Targets): readonly HostilePlugin[] {
  const { listeningPort: port } = targets;
  // Bun and the plugin say in their own words that the kernel refused.
  const refused = failed("PLUGIN_SETUP_FAILED");
  return [
    // Files, devices, and what other processes have
    { name: "attack-at-import", recorded: { ...byKernel, target: "/etc/passwd" } },
    { name: "link-to-secret", recorded: byKernel },
    { name: "read-devices", recorded: byKernel },
    { name: "read-other-plugin", recorded: { ...byKernel, code: "EACCES" } },
    { name: "read-parent-environ", recorded: { ...byKernel, code: "EACCES" } },
    { name: "read-parent-memory", recorded: { ...byKernel, code: "EACCES" } },
    { name: "read-passwd", recorded: { ...byKernel, code: "EACCES", target: "/etc/passwd" } },
    { name: "read-secrets", recorded: { ...byKernel, code: "EACCES" } },
    { name: "write-outside", recorded: byKernel },
    {
      name: "read-environment",
      config: { secret: targets.secretVariable },
      recorded: { call: "plugin.running" },
    },
    // Sockets, programs, signals, memory of others
    { name: "fetch-itself", config: { port }, recorded: { ...byKernel, code: "EPERM" } },
    { name: "foreign-functions", recorded: refused },
    { name: "listen-tcp", recorded: { ...byKernel, code: "EPERM" } },
    { name: "look-up-name", recorded: refused },
    { name: "native-module", recorded: refused },
    { name: "open-abstract-socket", config: { path: targets.abstractPath }, recorded: refused },
    { name: "open-tcp", config: { port }, recorded: refused },
    { name: "open-udp", recorded: byKernel },
    { name: "open-unix-socket", config: { path: targets.listeningPath }, recorded: refused },
    { name: "run-program", recorded: byKernel },
    { name: "signal-parent", recorded: { ...byKernel, code: "EPERM" } },
    { name: "start-worker", recorded: refused },
    { name: "trace-parent", recorded: refused },
    // More than its share
    { name: "exhaust-memory", recorded: failed("PLUGIN_MEMORY_EXCEEDED") },
    { name: "exit-again", recorded: failed("PLUGIN_CRASHED") },
    {
      name: "flood-host",
      allow: { telegram: ["messages:send"], chats: ["me"] },
      recorded: { call: "telegram.send", verdict: "limited", code: "PLUGIN_RATE_LIMITED" },
    },
    { name: "flood-store", recorded: failed("PLUGIN_SETUP_TIMEOUT") },
    { name: "loop-at-import", recorded: failed("PLUGIN_SETUP_TIMEOUT") },
    { name: "loop-for-ever", recorded: failed("PLUGIN_SETUP_TIMEOUT") },
    { name: "loop-in-handler", allow: everyChat, recorded: failed("PLUGIN_UNRESPONSIVE") },
    { name: "never-set-up", recorded: failed("PLUGIN_SETUP_TIMEOUT") },
    {
      name: "start-workers",
      // Whichever comes first: what the watch sees, or Bun's own end when it gets no descriptor for a thread.
      recorded: failed(expect.stringMatching(/^PLUGIN_(PROCESSES_EXCEEDED|MEMORY_EXCEEDED|CRASHED)$/)),
    },
    // Against the protocol
    frames("malformed-frame", "malformed", "WIRE_MALFORMED"),
    frames("huge-frame", "huge", "WIRE_TOO_LARGE"),
    frames("answer-nothing", "answers nobody asked for", "WIRE_OUT_OF_TURN"),
    frames("claim-identity", "another plugin's name", "WIRE_MALFORMED"),
    frames("replay-number", "a number again", "WIRE_OUT_OF_TURN"),
    frames("pollute-value", "a prototype", "PLUGIN_CRASHED"),
    frames("pollute-message", "a prototype of its own", "WIRE_MALFORMED"),
    frames("deep-frame", "deep", "WIRE_MALFORMED"),
    frames("long-line", "a log line of megabytes", "WIRE_TOO_LARGE"),
    frames("flood-lines", "log lines without end", "WIRE_CREDIT_EXCEEDED"),
    frames("hold-memory", "calls of megabytes", "WIRE_CREDIT_EXCEEDED"),
    frames("flood-calls", "calls without end", "WIRE_CREDIT_EXCEEDED"),
    // Past the broker
    { name: "raise-itself", recorded: { call: "telegram.invoke auth.exportLoginToken", verdict: "denied" } },
    {
      name: "reach-admin",
      config: { url: targets.adminUrl },
      allow: { net: ["*"] },
      recorded: { verdict: "denied", permission: "net" },
    },
    { name: "read-login-codes", allow: everyChat, recorded: { call: "telegram.history", target: "777000" } },
    { name: "read-other-store", recorded: { call: "plugin.running" } },
    {
      name: "redirect-to-metadata",
      config: { url: targets.redirectUrl.href },
      allow: { net: ["*", targets.redirectUrl.host] },
      recorded: { verdict: "denied", permission: "net", target: "169.254.169.254:80" },
    },
    {
      name: "upload-link",
      allow: { telegram: ["media:upload"], chats: ["*"], read: ["shared"] },
      recorded: { verdict: "denied", permission: "read" },
    },
  ];
}
