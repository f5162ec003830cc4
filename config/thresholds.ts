/** What an alert does when it is raised. */
export type AlertAction = "notify" | "escalate" | "warn";
export type AlertChannel = "slack" | "email" | "log";

/** When an alert is raised, by how often or by how long, and what it does. */
export interface AlertRule {
  readonly count?: number;
  readonly limitMs?: number;
  readonly periodMs: number;
  readonly action: AlertAction;
}

/** Where an alert of one importance goes, and how stubbornly. */
export interface AlertRoute {
  readonly channels: readonly AlertChannel[];
  readonly escalates: boolean;
  readonly retryIntervalMs: number;
  readonly maxRetries: number;
}

/**
 * Where good ends and bad begins, for health, diagnostics, and alerts: every threshold of the program, once. Rates and
 * usages are parts of one.
 */
export const thresholds = {
  responseTime: {
    api: { p95Ms: 500, p99Ms: 1000, maxMs: 2000 },
    database: { queryMs: 100, transactionMs: 500 },
    websocket: { messageLatencyMs: 100, reconnectMs: 1000 },
  },
  resources: {
    memory: { warningUsage: 0.7, criticalUsage: 0.85 },
    cpu: { warningUsage: 0.6, criticalUsage: 0.8 },
    storage: { warningUsage: 0.8, criticalUsage: 0.9 },
  },
  errorRates: {
    api: { warningRate: 0.01, criticalRate: 0.05 },
    websocket: { disconnectRate: 0.1, messageErrorRate: 0.05 },
    telegram: { authFailureRate: 0.1, messageFailureRate: 0.05 },
  },
  pools: {
    /** Of connections that wait for the database; SQLite has one writer, these bound what queues for it. */
    database: { maxConnections: 20, minAvailable: 2, maxWaiting: 10 },
    websocket: { maxPerUser: 3, maxTotal: 1000, maxNewPerMinute: 100 },
    accounts: { maxConnected: 5, idleEvictionMs: 30 * 60_000 },
  },
  /** Of what waits for plugins: how much, how long, and what was put aside. */
  journal: { unhandledEvents: 10_000, oldestUnhandledMs: 10 * 60_000, deadLetters: 10 },
  sessions: { unusedAfterMs: 14 * 86_400_000, rotateAfterMs: 7 * 86_400_000 },
  alerts: {
    connections: { count: 5, periodMs: 5 * 60_000, action: "notify" },
    errors: { count: 10, periodMs: 60_000, action: "escalate" },
    responseTime: { limitMs: 1000, periodMs: 60_000, action: "warn" },
  } satisfies Readonly<Record<string, AlertRule>>,
  alertingMatrix: {
    high: { channels: ["slack", "email"], escalates: true, retryIntervalMs: 5 * 60_000, maxRetries: 3 },
    medium: { channels: ["slack"], escalates: false, retryIntervalMs: 15 * 60_000, maxRetries: 2 },
    low: { channels: ["log"], escalates: false, retryIntervalMs: 60 * 60_000, maxRetries: 1 },
  } satisfies Readonly<Record<string, AlertRoute>>,
} as const;
