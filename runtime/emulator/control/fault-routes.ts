import { Elysia } from "elysia";
import type { WorldFaults } from "../world/world-faults.ts";
import { done } from "./done.ts";
import { faultTable } from "./fault-table.ts";

/** Makes things go wrong: `POST /faults/NAME` for each of the table, and `DELETE /faults` for its end. */
export function faultRoutes(faults: WorldFaults) {
  const routes = new Elysia({ prefix: "/faults", tags: ["Faults"] });
  for (const [name, { body: schema, run, summary }] of Object.entries(faultTable)) {
    if (name === "clear") continue;
    // A fault that takes nothing is asked for without a body.
    const body = Object.keys(schema.properties).length === 0 ? {} : { body: schema };
    routes.post(`/${name}`, (context) => done(() => run(faults, context.body)), {
      ...body,
      detail: { summary },
    });
  }
  return routes.delete("", () => done(() => faults.clear()), { detail: { summary: "Forget every fault" } });
}
