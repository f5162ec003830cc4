import { Elysia } from "elysia";
import { z } from "zod";
import type { AdminPort } from "../admin-port.ts";
import { planReport } from "../plan-report.ts";
import { errorAnswer } from "../reports.ts";

const refusals = {
  401: errorAnswer,
  403: errorAnswer,
  404: errorAnswer,
  422: errorAnswer,
  500: errorAnswer,
  503: errorAnswer,
};

/** What changes while the program runs: the configuration file, and the plugins' own. */
export function configRoutes(port: Pick<AdminPort, "planConfig" | "applyConfig" | "reloadPlugin">) {
  return new Elysia()
    .post("/api/config/plan", () => port.planConfig(), {
      response: { 200: planReport, ...refusals },
      detail: {
        tags: ["configuration"],
        summary: "What would change if the configuration file were applied",
      },
    })
    .post("/api/config/apply", () => port.applyConfig(), {
      response: { 200: planReport, ...refusals },
      detail: {
        tags: ["configuration"],
        summary: "Applies the configuration file, whole or not at all, and answers with what was changed",
      },
    })
    .post(
      "/api/plugins/:name/reload",
      async ({ params }) => {
        await port.reloadPlugin(params.name);
        return { done: true as const };
      },
      {
        params: z.object({ name: z.string().min(1).max(64) }),
        response: { 200: z.object({ done: z.literal(true) }), ...refusals },
        detail: { tags: ["plugins"], summary: "Has a plugin go on with its files as they are now" },
      },
    );
}
