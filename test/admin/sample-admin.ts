import { type Admin, type AdminPort, createAdmin } from "../../runtime/admin/index.ts";
import { TelegraphistError } from "../../runtime/contract/index.ts";
import { createLogger, type TraceRecord } from "../../telemetry/index.ts";

/** 43 characters, as `loadOrCreateToken` makes them. */
export const token = "dGhpcyBpcyBub3QgYSByZWFsIHRva2VuIGF0IGFsbC4";

export const account: ReturnType<AdminPort["accounts"]>[number] = {
  name: "me",
  state: "online",
  sinceMs: 1000,
  untilMs: null,
  retryAtMs: null,
  userId: "42",
  latencyMs: 12,
  lastHeardAtMs: 2000,
  failuresInRow: 0,
  reconnects: 0,
  otherConnections: 0,
  lastUsedAtMs: null,
  lastUpdateAtMs: null,
  lastError: null,
  waits: [],
  callsWaiting: 0,
};

export const plugin: ReturnType<AdminPort["plugins"]>[number] = {
  name: "autoresponder",
  use: "autoresponder",
  version: "1.0.0",
  description: null,
  accounts: ["me"],
  isolation: "process",
  process: { pid: 7, level: "landlock:7+seccomp", residentBytes: 50_000_000 },
  restarts: 0,
  reloads: 0,
  reloadError: null,
  state: "running",
  sinceMs: 1000,
  error: null,
  counters: { events: 1, errors: 0, calls: 1, denied: 0 },
};

export const journal: Awaited<ReturnType<AdminPort["journal"]>> = {
  plugins: [{ plugin: "autoresponder", unhandled: 0, oldestAgeMs: null }],
  deadLetters: 0,
  problem: null,
};

export const deadLetter: Awaited<ReturnType<AdminPort["deadLetters"]>>[number] = {
  id: "7",
  plugin: "autoresponder",
  account: "me",
  eventId: "me/message.received/42/1",
  type: "message.received",
  chatId: "42",
  attempts: 5,
  error: { code: "PLUGIN_HANDLER_FAILED", message: "Cannot finish handler" },
  failedAtMs: 1000,
};

export const login: ReturnType<AdminPort["logins"]["get"]> = {
  id: "a-login",
  account: "me",
  by: "phone",
  startedAtMs: 1000,
  expiresAtMs: 601_000,
  now: { step: "code", attempt: 1, problem: null, sentVia: "app", nextVia: "sms", length: 5 },
};

export const session: Awaited<ReturnType<AdminPort["sessions"]>>[number] = {
  account: "me",
  state: "active",
  userId: "42",
  mainDataCentreId: 2,
  device: { model: "Laptop", systemVersion: "Linux", appVersion: "1" },
  createdAtMs: 1000,
  lastUsedAtMs: 2000,
  lastVerifiedAtMs: null,
  isConfigured: false,
  heldBy: null,
  unusedFromMs: 3000,
  endsFromMs: 4000,
};

export const authorization: Awaited<ReturnType<AdminPort["authorizations"]>>[number] = {
  id: "7001",
  isCurrent: false,
  isOfficialApp: true,
  isUnconfirmed: false,
  deviceModel: "Pixel",
  platform: "Android",
  systemVersion: "15",
  apiId: 6,
  appName: "Telegram Android",
  appVersion: "11.0",
  createdAtMs: 1000,
  lastActiveAtMs: 2000,
};

export const plan: Awaited<ReturnType<AdminPort["planConfig"]>> = {
  isEmpty: false,
  plugins: [
    {
      name: "autoresponder",
      change: "changed",
      version: { before: "1.0.0", after: "1.1.0" },
      isCodeChanged: true,
      widened: [{ permission: "chats", entry: "*", isDenial: false }],
      narrowed: [],
      keys: [{ path: "plugins.autoresponder.config.limit", change: "changed", before: "1", after: "2" }],
    },
  ],
  restart: [],
};

export const trace: TraceRecord = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  startedAtMs: 1_700_000_000_000,
  durationMs: 100,
  droppedSpans: 0,
  spans: [
    spanAt("a", null, "telegram.update", 0, 100),
    spanAt("b", "a", "plugin.handle", 10, 80),
    spanAt("c", "b", "telegram.rpc", 50, 40, "FLOOD_WAIT"),
    spanAt("d", "a", "storage.query", 95, 5),
  ],
};

function spanAt(
  spanId: string,
  parentSpanId: string | null,
  name: string,
  offsetMs: number,
  durationMs: number,
  error: string | null = null,
) {
  const attributes = {
    "telegraphist.note": "<script>alert(1)</script>",
    "rpc.method": "messages.sendMessage",
  };
  return {
    spanId,
    parentSpanId,
    name,
    startedAtMs: 1_700_000_000_000 + offsetMs,
    durationMs,
    error,
    attributes,
    events: [{ name: "<b>step</b>", atMs: 1_700_000_000_000 + offsetMs + 2, attributes: { step: 1 } }],
  };
}

/** An admin over a program whose parts a test sets, with what it logged. */
export function sampleAdmin(parts: Partial<AdminPort> = {}, requestTimeoutMs = 1000) {
  const lines: string[] = [];
  const asked: string[] = [];
  const act = (action: string) => async (name: string) => {
    if (name !== plugin.name) {
      throw new TelegraphistError({
        code: "HOST_UNKNOWN_PLUGIN",
        category: "NOT_FOUND",
        message: `Cannot ${action} plugin "${name}": it is not in the configuration`,
      });
    }
    asked.push(`${action} ${name}`);
  };
  const port: AdminPort = {
    accounts: () => [account],
    checkAccount: async (name) => ({ account: name, isFit: true, latencyMs: 12, error: null }),
    plugins: () => [plugin],
    restartPlugin: act("restart"),
    disablePlugin: act("disable"),
    enablePlugin: act("enable"),
    reloadPlugin: act("reload"),
    planConfig: async () => plan,
    applyConfig: async () => plan,
    recentEvents: () => [],
    deadLetters: async () => [deadLetter],
    replayDeadLetter: async (id) => void asked.push(`replay ${id}`),
    dropDeadLetter: async (id) => void asked.push(`drop ${id}`),
    checkDatabase: async () => ({ ok: true }),
    journal: async () => journal,
    audit: async () => [],
    errors: () => [],
    metricsText: async () => "telegraphist_updates_total 1\n",
    recentTraces: () => [trace],
    logins: {
      start: async (request) => {
        asked.push(`log in ${JSON.stringify(request)}`);
        return login;
      },
      list: () => [login],
      get: () => login,
      answer: async (id, answer) => {
        asked.push(`answer ${id} ${JSON.stringify(answer)}`);
        return login;
      },
      cancel: async (id) => void asked.push(`cancel ${id}`),
    },
    sessions: async () => [session],
    authorizations: async () => [authorization],
    rotateSession: async (name) => void asked.push(`rotate ${name}`),
    endAuthorization: async (name, id) => void asked.push(`end ${name} ${id}`),
    ...parts,
  };
  const logger = createLogger({ write: (line) => lines.push(line) });
  const admin: Admin = createAdmin(port, { token, version: "1.2.3", logger, requestTimeoutMs });
  return { admin, lines, asked };
}

/** Asks as the owner of the token does. */
export function ask(admin: Admin, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", `Bearer ${token}`);
  return admin.handle(new Request(`http://127.0.0.1:7330${path}`, { ...init, headers }));
}

/** Asks as anybody. */
export function askOpenly(
  admin: Admin,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Response> {
  return admin.handle(new Request(`http://127.0.0.1:7330${path}`, { method, headers }));
}
