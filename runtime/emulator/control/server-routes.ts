import { Elysia, t } from "elysia";
import type { ControlPort } from "./control-port.ts";
import { done } from "./done.ts";

/** How to reach the server, and what it has done. */
export function serverRoutes(port: ControlPort) {
  return new Elysia({ tags: ["Server"] })
    .get(
      "/server",
      () => {
        const { dataCentres, publicKeyPem } = port.server();
        return { dataCentres, publicKeys: [publicKeyPem] };
      },
      { detail: { summary: "Addresses and public keys that a client needs" } },
    )
    .post("/server/halt", () => done(() => port.halt()), {
      detail: { summary: "Die as a process does: connections are cut, the world and the keys stay" },
    })
    .post("/server/resume", () => done(() => port.resume()), {
      detail: { summary: "Come back on the same ports" },
    })
    .get("/stats", () => port.stats(), {
      detail: { summary: "Calls by method, unknown methods, pushes written" },
    })
    .get("/connections", () => port.connections(), { detail: { summary: "Open connections" } })
    .get("/sessions", ({ query }) => port.world.sessions(query.userId), {
      query: t.Object({ userId: t.Optional(t.String()) }),
      detail: { summary: "Signed-in sessions" },
    })
    .delete("/sessions/:authKeyId", ({ params }) => done(() => port.world.revokeSession(params.authKeyId)), {
      detail: { summary: "Terminate a session" },
    })
    .put("/banned-phones/:phone", ({ params }) => done(() => port.world.banPhone(params.phone)), {
      detail: { summary: "Send no login code to a phone any more" },
    })
    .get("/login-codes/:phone", ({ params }) => ({ code: port.world.loginCode(params.phone) }), {
      detail: { summary: "The login code that was sent to a phone" },
    });
}
