import { describe, expect, test } from "bun:test";
import type { AdminPort } from "../../runtime/admin/index.ts";
import { ask, askOpenly, sampleAdmin } from "./sample-admin.ts";

const entry = {
  id: 7,
  atMs: 1_000,
  plugin: "echo",
  account: "me",
  call: "telegram.send",
  target: "42",
  verdict: "denied",
  permission: "chats",
  code: "PERMISSION_DENIED",
  durationMs: 1,
  eventId: null,
  count: 3,
};

function auditedAdmin() {
  const queries: unknown[] = [];
  const audit: AdminPort["audit"] = async (query) => {
    queries.push(query);
    return [entry];
  };
  return { ...sampleAdmin({ audit }), queries };
}

describe("/api/audit", () => {
  test("gives the record to whoever has the token", async () => {
    const { admin, queries } = auditedAdmin();
    expect(await (await ask(admin, "/api/audit")).json()).toEqual({ entries: [entry] });
    expect(queries).toEqual([{ limit: 50 }]);
    expect((await askOpenly(admin, "/api/audit")).status).toBe(401);
  });

  test("asks for what fits, page by page", async () => {
    const { admin, queries } = auditedAdmin();
    await ask(admin, "/api/audit?plugin=echo&account=me&verdict=denied&beforeId=9&limit=2");
    expect(queries).toEqual([{ plugin: "echo", account: "me", verdict: "denied", beforeId: 9, limit: 2 }]);
  });

  test.each(["verdict=maybe", "limit=0", "beforeId=x"])("refuses ?%s", async (query) => {
    const { admin, queries } = auditedAdmin();
    expect((await ask(admin, `/api/audit?${query}`)).status).toBe(422);
    expect(queries).toEqual([]);
  });
});
