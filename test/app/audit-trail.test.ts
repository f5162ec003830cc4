import { describe, expect, test } from "bun:test";
import { AuditTrail } from "../../runtime/app/audit-trail.ts";
import { parsePluginName, TelegraphistError } from "../../runtime/contract/index.ts";
import type { AuditEntry } from "../../runtime/host/index.ts";
import { createHandClock } from "../../runtime/scope/index.ts";
import type { AuditRecord } from "../../runtime/storage/index.ts";
import { createLogger } from "../../telemetry/index.ts";

const entry: AuditEntry = {
  atMs: 1,
  plugin: parsePluginName("echo"),
  account: null,
  call: "telegram.send",
  target: "42",
  verdict: "allowed",
  permission: null,
  code: null,
  durationMs: 1,
  eventId: null,
  count: 1,
};
const denied: AuditEntry = { ...entry, verdict: "denied", permission: "chats", code: "PERMISSION_DENIED" };

function createTrail(onAdd: () => void = () => undefined) {
  const batches: (readonly AuditRecord[])[] = [];
  const prunings: unknown[] = [];
  const lines: string[] = [];
  const log: string[] = [];
  const clock = createHandClock();
  let onWritten: () => void = () => undefined;
  const trail = new AuditTrail({
    store: {
      async add(records) {
        onAdd();
        batches.push(records);
      },
      prune: async (pruning) => prunings.push(pruning),
    },
    file: {
      async append(more) {
        lines.push(...more);
        onWritten();
      },
    },
    clock,
    logger: createLogger({ write: (line) => log.push(line) }),
    maxEntries: 5,
    maxAgeMs: 1_000,
  });
  /** Resolves when the next batch is written. */
  const next = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    onWritten = resolve;
    return promise;
  };
  return { trail, batches, prunings, lines, log, clock, next };
}

describe("AuditTrail", () => {
  test("writes many at once, into the table and as lines", async () => {
    const { trail, batches, lines, clock, next } = createTrail();
    const written = next();
    for (let count = 0; count < 50; count++) trail.note({ ...entry, atMs: count });
    expect(batches).toEqual([]);
    await clock.advance(1_000);
    await written;
    expect(batches.map(({ length }) => length)).toEqual([50]);
    expect(lines.map((line) => JSON.parse(line).atMs)).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    );
  });

  test("writes a refusal at once, and the same one again as a count", async () => {
    const { trail, batches, next } = createTrail();
    const first = next();
    trail.note(denied);
    await first;
    expect(batches).toEqual([[denied]]);
    for (let count = 0; count < 1_000; count++) trail.note(denied);
    trail.note({ ...denied, target: "43" });
    await trail.stop();
    expect(batches[1]).toEqual([
      { ...denied, count: 1_000 },
      { ...denied, target: "43" },
    ]);
  });

  test("drops what is too much, and tells that there is a gap", async () => {
    const { trail, batches, log } = createTrail();
    for (let count = 0; count < 10_005; count++) trail.note(entry);
    await trail.stop();
    expect(batches.map(({ length }) => length)).toEqual([10_000]);
    expect(log.join()).toMatch(/"dropped":5.*has a gap/);
  });

  test("goes on after a write that failed, and says so", async () => {
    let isFull = true;
    const { trail, batches, lines, log } = createTrail(() => {
      if (isFull) throw new TelegraphistError({ code: "STORAGE_FULL", category: "STORAGE", message: "full" });
    });
    trail.note(entry);
    await trail.stop();
    expect(log.join()).toContain("STORAGE_FULL");
    // The file has what the table has not.
    expect(lines).toHaveLength(1);
    isFull = false;
    trail.note(entry);
    await trail.stop();
    expect(batches).toHaveLength(1);
  });

  test("cuts the table down as it grows, and when it is told to", async () => {
    const { trail, prunings, clock } = createTrail();
    for (let round = 0; round < 2; round++) {
      for (let count = 0; count < 6_000; count++) trail.note(entry);
      await trail.stop();
    }
    expect(prunings).toEqual([{ beforeMs: clock.now() - 1_000, keep: 5 }]);
    await trail.prune();
    expect(prunings).toHaveLength(2);
  });
});
