import { Elysia, t } from "elysia";
import type { WorldFaults } from "../world/world-faults.ts";
import { done } from "./done.ts";

const target = {
  userId: t.Optional(t.String()),
  method: t.String({ minLength: 1 }),
  times: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
  after: t.Optional(t.Integer({ minimum: 0, maximum: 1_000_000 })),
  chance: t.Optional(t.Number({ minimum: 0, maximum: 1 })),
};

const whose = { userId: t.Optional(t.String()) };
const times = t.Optional(t.Integer({ minimum: 1, maximum: 1000 }));

/** Makes things go wrong. */
export function faultRoutes(faults: WorldFaults) {
  return new Elysia({ prefix: "/faults", tags: ["Faults"] })
    .post("/flood-wait", ({ body }) => done(() => faults.floodWait(body)), {
      body: t.Object({
        ...target,
        seconds: t.Integer({ minimum: 1, maximum: 1_000_000 }),
        name: t.Optional(
          t.UnionEnum(["FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "SLOWMODE_WAIT"], { default: "FLOOD_WAIT" }),
        ),
      }),
      detail: { summary: "Answer the next calls with a wait" },
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
      body: t.Object(whose),
      detail: { summary: "Cut the connections of one person, or of everyone" },
    })
    .post("/silence-connections", ({ body }) => done(() => faults.silenceConnections(body.userId)), {
      body: t.Object(whose),
      detail: { summary: "Read and write nothing on open connections, and close nothing" },
    })
    .post(
      "/slow-connections",
      ({ body }) => done(() => faults.slowConnections(body.bytesPerSecond, body.userId)),
      {
        body: t.Object({ ...whose, bytesPerSecond: t.Integer({ minimum: 1, maximum: 1_000_000_000 }) }),
        detail: { summary: "Write so many bytes a second at most to open connections" },
      },
    )
    .post("/break-frame", ({ body }) => done(() => faults.breakFrame(body.how, body.userId)), {
      body: t.Object({ ...whose, how: t.UnionEnum(["cut", "corrupt"]) }),
      detail: { summary: "Cut the next frame in its middle, or turn a bit in it" },
    })
    .post("/refuse-connections", ({ body }) => done(() => faults.refuseConnections(body.code, body.times)), {
      body: t.Object({ code: t.Union([t.Literal(-404), t.Literal(-429)]), times }),
      detail: { summary: "Answer the next connections with a transport error" },
    })
    .post("/refuse-handshakes", ({ body }) => done(() => faults.refuseHandshakes(body.how, body.times)), {
      body: t.Object({ how: t.UnionEnum(["retry", "fail"]), times }),
      detail: { summary: "End the next key exchanges by dh_gen_retry or dh_gen_fail" },
    })
    .post("/replace-salts", ({ body }) => done(() => faults.replaceSalts(body.userId)), {
      body: t.Object(whose),
      detail: { summary: "Answer the next messages by bad_server_salt" },
    })
    .post("/skew-clock", ({ body }) => done(() => faults.skewClock(body.aheadMs)), {
      body: t.Object({ aheadMs: t.Integer() }),
      detail: { summary: "Set how far ahead of the clients the server's clock is" },
    })
    .post("/pushes", ({ body }) => done(() => faults.pushes(body)), {
      body: t.Object({
        ...whose,
        effect: t.UnionEnum(["drop", "repeat", "reverse", "too-long", "unknown"]),
        times: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
      }),
      detail: { summary: "Drop, repeat, reverse, or replace the next pushes" },
    })
    .post("/differences", ({ body }) => done(() => faults.differences(body)), {
      body: t.Object({
        ...whose,
        chatId: t.Optional(t.String()),
        effect: t.UnionEnum(["too-long", "outdated", "history-failed"]),
        times: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
      }),
      detail: { summary: "Make the next differences too long, or fail" },
    })
    .post("/difference-slices", ({ body }) => done(() => faults.differenceSlices(body.entries)), {
      body: t.Object({ entries: t.Integer({ minimum: 1, maximum: 1000 }) }),
      detail: { summary: "Tell an account's differences in slices" },
    })
    .post("/seed", ({ body }) => done(() => faults.seed(body.seed)), {
      body: t.Object({ seed: t.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }) }),
      detail: { summary: "Begin the run of chance anew" },
    })
    .post("/expire-login-code", ({ body }) => done(() => faults.expireLoginCode(body.phone)), {
      body: t.Object({ phone: t.String({ minLength: 1 }) }),
      detail: { summary: "Make the login code of a phone an old one" },
    })
    .post("/expire-file-references", () => done(() => faults.expireFileReferences()), {
      detail: { summary: "Make every file reference an old one" },
    })
    .delete("", () => done(() => faults.clear()), { detail: { summary: "Forget every fault" } });
}
