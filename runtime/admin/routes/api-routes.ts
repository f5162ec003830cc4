import { Elysia } from "elysia";
import { z } from "zod";
import type { AdminPort } from "../admin-port.ts";
import {
  accountReport,
  auditQuery,
  auditReport,
  checkReport,
  deadLetterReport,
  errorAnswer,
  errorReport,
  eventReport,
  pluginReport,
  traceReport,
} from "../reports.ts";

const latest = z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) });
const named = z.object({ name: z.string().min(1).max(200) });
const refusals = { 401: errorAnswer, 500: errorAnswer, 503: errorAnswer };
const done = z.object({ done: z.literal(true) });

/** What the program does and did, and the switches of its plugins. */
export function apiRoutes(port: AdminPort) {
  return new Elysia()
    .get("/api/accounts", () => ({ accounts: port.accounts() }), {
      response: { 200: z.object({ accounts: z.array(accountReport).readonly() }), ...refusals },
      detail: { tags: ["accounts"], summary: "Accounts with their state" },
    })
    .post("/api/accounts/:name/check", ({ params }) => port.checkAccount(params.name), {
      params: named,
      response: { 200: checkReport, 404: errorAnswer, 422: errorAnswer, ...refusals },
      detail: {
        tags: ["accounts"],
        summary: "Looks whether an account can be used now, and asks Telegram over it",
      },
    })
    .get("/api/plugins", () => ({ plugins: port.plugins() }), {
      response: { 200: z.object({ plugins: z.array(pluginReport).readonly() }), ...refusals },
      detail: { tags: ["plugins"], summary: "Plugins with their state" },
    })
    .post("/api/plugins/:name/restart", ({ params }) => after(port.restartPlugin(params.name)), {
      ...pluginAction("Stops a plugin and starts it again, with the code that the program started with"),
    })
    .post("/api/plugins/:name/disable", ({ params }) => after(port.disablePlugin(params.name)), {
      ...pluginAction("Stops a plugin until it is enabled or the program starts again"),
    })
    .post("/api/plugins/:name/enable", ({ params }) => after(port.enablePlugin(params.name)), {
      ...pluginAction("Starts a plugin that was disabled"),
    })
    .get("/api/events/recent", ({ query }) => ({ events: port.recentEvents(query.limit) }), {
      query: latest,
      response: { 200: z.object({ events: z.array(eventReport).readonly() }), 422: errorAnswer, ...refusals },
      detail: { tags: ["events"], summary: "The latest events without their content, the newest first" },
    })
    .get("/api/dead-letters", async ({ query }) => ({ deadLetters: await port.deadLetters(query.limit) }), {
      query: latest,
      response: {
        200: z.object({ deadLetters: z.array(deadLetterReport).readonly() }),
        422: errorAnswer,
        ...refusals,
      },
      detail: { tags: ["events"], summary: "Events that a plugin was given too often in vain" },
    })
    .post("/api/dead-letters/:id/replay", ({ params }) => after(port.replayDeadLetter(params.id)), {
      ...letterAction("Gives the event to its plugin again"),
    })
    .delete("/api/dead-letters/:id", ({ params }) => after(port.dropDeadLetter(params.id)), {
      ...letterAction("Forgets the event"),
    })
    .get("/api/audit", async ({ query }) => ({ entries: await port.audit(query) }), {
      query: auditQuery,
      response: {
        200: z.object({ entries: z.array(auditReport).readonly() }),
        422: errorAnswer,
        ...refusals,
      },
      detail: { tags: ["plugins"], summary: "What plugins did and were refused, the newest first" },
    })
    .get("/api/errors", () => ({ errors: port.errors() }), {
      response: { 200: z.object({ errors: z.array(errorReport).readonly() }), ...refusals },
      detail: { tags: ["diagnosis"], summary: "Errors since the start, by code, with their latest samples" },
    })
    .get("/api/traces", ({ query }) => ({ traces: port.recentTraces(query.limit) }), {
      query: latest,
      response: { 200: z.object({ traces: z.array(traceReport).readonly() }), 422: errorAnswer, ...refusals },
      detail: { tags: ["diagnosis"], summary: "The latest traces, the newest first" },
    })
    .get(
      "/metrics",
      async () =>
        new Response(await port.metricsText(), {
          headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        }),
      { detail: { tags: ["diagnosis"], summary: "Metrics in the text format of Prometheus" } },
    );
}

function letterAction(summary: string) {
  return {
    params: z.object({ id: z.string().min(1).max(20) }),
    response: { 200: done, 404: errorAnswer, ...refusals },
    detail: { tags: ["events"], summary },
  };
}

function pluginAction(summary: string) {
  return {
    params: named,
    response: { 200: done, 404: errorAnswer, ...refusals },
    detail: { tags: ["plugins"], summary },
  };
}

async function after(action: Promise<void>): Promise<{ done: true }> {
  await action;
  return { done: true };
}
