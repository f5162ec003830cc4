import { type Static, type TSchema, t } from "elysia";
import type { WorldFaults } from "../world/world-faults.ts";

/** One thing that can be made to go wrong, as the routes and the scripts name it. */
export interface FaultKind {
  readonly summary: string;
  /** What it takes. */
  readonly body: TSchema;
  /** @param body fits the schema. @throws {RpcError} when it names someone who is not there */
  readonly run: (faults: WorldFaults, body: unknown) => void;
}

const target = {
  userId: t.Optional(t.String()),
  method: t.String({ minLength: 1 }),
  times: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
  after: t.Optional(t.Integer({ minimum: 0, maximum: 1_000_000 })),
  chance: t.Optional(t.Number({ minimum: 0, maximum: 1 })),
};
const whose = { userId: t.Optional(t.String()) };
const times = t.Optional(t.Integer({ minimum: 1, maximum: 1000 }));

function kind<Body extends TSchema>(
  summary: string,
  body: Body,
  run: (faults: WorldFaults, body: Static<Body>) => void,
): FaultKind {
  // Whoever runs it has held the body against its schema.
  return { summary, body, run: (faults, given) => run(faults, given as Static<Body>) };
}

/** Every fault by its name. */
export const faultTable: Readonly<Record<string, FaultKind>> = {
  "flood-wait": kind(
    "Answer the next calls with a wait",
    t.Object({
      ...target,
      seconds: t.Integer({ minimum: 1, maximum: 1_000_000 }),
      name: t.Optional(
        t.UnionEnum(["FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "SLOWMODE_WAIT"], { default: "FLOOD_WAIT" }),
      ),
    }),
    (faults, body) => faults.floodWait(body),
  ),
  "rpc-error": kind(
    "Answer the next calls with an error",
    t.Object({ ...target, errorCode: t.Integer(), errorMessage: t.String({ minLength: 1 }) }),
    (faults, body) => faults.rpcError(body),
  ),
  "drop-on-call": kind(
    "Cut the connection of the next calls, before or after they are carried out",
    t.Object({ ...target, isCarriedOut: t.Optional(t.Boolean()) }),
    (faults, body) => faults.dropOnCall(body),
  ),
  "drop-connections": kind(
    "Cut the connections of one person, or of everyone",
    t.Object(whose),
    (faults, { userId }) => faults.dropConnections(userId),
  ),
  "silence-connections": kind(
    "Read and write nothing on open connections, and close nothing",
    t.Object(whose),
    (faults, { userId }) => faults.silenceConnections(userId),
  ),
  "slow-connections": kind(
    "Write so many bytes a second at most to open connections",
    t.Object({ ...whose, bytesPerSecond: t.Integer({ minimum: 1, maximum: 1_000_000_000 }) }),
    (faults, { bytesPerSecond, userId }) => faults.slowConnections(bytesPerSecond, userId),
  ),
  "break-frame": kind(
    "Cut the next frame in its middle, or turn a bit in it",
    t.Object({ ...whose, how: t.UnionEnum(["cut", "corrupt"]) }),
    (faults, { how, userId }) => faults.breakFrame(how, userId),
  ),
  "refuse-connections": kind(
    "Answer the next connections with a transport error",
    t.Object({
      code: t.Union([t.Literal(-404), t.Literal(-429)]),
      times,
      port: t.Optional(t.Integer({ minimum: 1, maximum: 65_535 })),
    }),
    (faults, { code, times: count, port }) => faults.refuseConnections(code, count, port),
  ),
  "refuse-handshakes": kind(
    "End the next key exchanges by dh_gen_retry or dh_gen_fail",
    t.Object({ how: t.UnionEnum(["retry", "fail"]), times }),
    (faults, { how, times: count }) => faults.refuseHandshakes(how, count),
  ),
  "replace-salts": kind(
    "Answer the next messages by bad_server_salt",
    t.Object(whose),
    (faults, { userId }) => faults.replaceSalts(userId),
  ),
  "skew-clock": kind(
    "Set how far ahead of the clients the server's clock is",
    t.Object({ aheadMs: t.Integer() }),
    (faults, { aheadMs }) => faults.skewClock(aheadMs),
  ),
  pushes: kind(
    "Drop, repeat, reverse, or replace the next pushes",
    t.Object({
      ...whose,
      effect: t.UnionEnum(["drop", "repeat", "reverse", "too-long", "unknown"]),
      times: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
    }),
    (faults, body) => faults.pushes(body),
  ),
  differences: kind(
    "Make the next differences too long, or fail",
    t.Object({
      ...whose,
      chatId: t.Optional(t.String()),
      effect: t.UnionEnum(["too-long", "outdated", "history-failed"]),
      times: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
    }),
    (faults, body) => faults.differences(body),
  ),
  "difference-slices": kind(
    "Tell an account's differences in slices",
    t.Object({ entries: t.Integer({ minimum: 1, maximum: 1000 }) }),
    (faults, { entries }) => faults.differenceSlices(entries),
  ),
  seed: kind(
    "Begin the run of chance anew",
    t.Object({ seed: t.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }) }),
    (faults, { seed }) => faults.seed(seed),
  ),
  "expire-login-code": kind(
    "Make the login code of a phone an old one",
    t.Object({ phone: t.String({ minLength: 1 }) }),
    (faults, { phone }) => faults.expireLoginCode(phone),
  ),
  "expire-file-references": kind("Make every file reference an old one", t.Object({}), (faults) =>
    faults.expireFileReferences(),
  ),
  clear: kind("Forget every fault", t.Object({}), (faults) => faults.clear()),
};
