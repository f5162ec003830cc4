import { Elysia, t } from "elysia";
import type { WorldFaults } from "../world/world-faults.ts";
import { done } from "./done.ts";

const target = {
  userId: t.Optional(t.String()),
  method: t.String({ minLength: 1 }),
  times: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
};

/** Makes things go wrong. */
export function faultRoutes(faults: WorldFaults) {
  return new Elysia({ prefix: "/faults", tags: ["Faults"] })
    .post("/flood-wait", ({ body }) => done(() => faults.floodWait(body)), {
      body: t.Object({ ...target, seconds: t.Integer({ minimum: 1, maximum: 1_000_000 }) }),
      detail: { summary: "Answer the next calls with FLOOD_WAIT" },
    })
    .post("/rpc-error", ({ body }) => done(() => faults.rpcError(body)), {
      body: t.Object({ ...target, errorCode: t.Integer(), errorMessage: t.String({ minLength: 1 }) }),
      detail: { summary: "Answer the next calls with an error" },
    })
    .post("/drop-on-call", ({ body }) => done(() => faults.dropOnCall(body)), {
      body: t.Object(target),
      detail: { summary: "Cut the connection of the next calls" },
    })
    .post("/drop-connections", ({ body }) => done(() => faults.dropConnections(body.userId)), {
      body: t.Object({ userId: t.Optional(t.String()) }),
      detail: { summary: "Cut the connections of one person, or of everyone" },
    })
    .post("/expire-file-references", () => done(() => faults.expireFileReferences()), {
      detail: { summary: "Make every file reference an old one" },
    })
    .delete("", () => done(() => faults.clear()), { detail: { summary: "Forget every fault" } });
}
