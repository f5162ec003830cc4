import { Elysia } from "elysia";
import { z } from "zod";
import type { AdminPort } from "../admin-port.ts";
import { createDatabaseProbe } from "../database-probe.ts";
import { healthOf, isReady } from "../health.ts";
import { createProbe } from "../probe.ts";
import { healthReport } from "../reports.ts";

export interface HealthRouteOptions {
  readonly port: AdminPort;
  readonly version: string;
  readonly now: () => number;
}

const tags = ["health"];
const ready = z.object({ ready: z.boolean() });

/** What a supervisor of processes asks; the only routes without a token. */
export function healthRoutes({ port, version, now }: HealthRouteOptions) {
  const startedAtMs = now();
  const probeDatabase = createDatabaseProbe(() => port.checkDatabase(), { now });
  const probeJournal = createProbe(
    () => port.journal(),
    (problem) => ({ plugins: [], deadLetters: 0, problem }),
    { now },
  );
  return new Elysia()
    .get(
      "/health",
      async ({ status }) => {
        const { rss, heapUsed } = process.memoryUsage();
        const report = healthOf({
          version,
          startedAtMs,
          nowMs: now(),
          memory: { rss, heapUsed },
          accounts: port.accounts(),
          plugins: port.plugins(),
          database: await probeDatabase(),
          journal: await probeJournal(),
        });
        return status(report.status === "down" ? 503 : 200, report);
      },
      {
        response: { 200: healthReport, 503: healthReport },
        detail: { tags, security: [], summary: "How the program is; 503 when it is down" },
      },
    )
    .get("/health/live", () => ({ live: true }), {
      response: { 200: z.object({ live: z.boolean() }) },
      detail: { tags, security: [], summary: "Whether the process answers" },
    })
    .get(
      "/health/ready",
      ({ status }) => (isReady(port.accounts()) ? { ready: true } : status(503, { ready: false })),
      {
        response: { 200: ready, 503: ready },
        detail: { tags, security: [], summary: "Whether every account is connected; 503 until then" },
      },
    );
}
