import { describe, expect, test } from "bun:test";
import { tracesPage } from "../../runtime/admin/pages/traces-page.ts";
import { waterfallOf } from "../../runtime/admin/pages/waterfall.ts";
import { createRouteTable } from "../../runtime/admin/route-table.ts";
import { trace } from "./sample-admin.ts";

describe("waterfallOf()", () => {
  test("orders spans by their tree and measures them in percent", () => {
    const rows = waterfallOf(trace).map(({ span, depth, left, width }) => [span.name, depth, left, width]);
    expect(rows).toEqual([
      ["telegram.update", 0, 0, 100],
      ["plugin.handle", 1, 10, 80],
      ["telegram.rpc", 2, 50, 40],
      ["storage.query", 1, 95, 5],
    ]);
  });

  test("shows a span whose parent is elsewhere", () => {
    const [, ...orphans] = trace.spans;
    expect(waterfallOf({ ...trace, spans: orphans }).map(({ depth }) => depth)).toEqual([0, 1, 0]);
  });

  test("keeps what took no time within sight", () => {
    const spans = trace.spans.map((span) => ({ ...span, durationMs: 0 }));
    for (const { left, width } of waterfallOf({ ...trace, spans, durationMs: 0 })) {
      expect(width).toBeGreaterThan(0);
      expect(left + width).toBeLessThanOrEqual(100);
    }
  });
});

describe("tracesPage()", () => {
  test("escapes what it shows", () => {
    const { text } = tracesPage([trace]);
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(text).not.toContain("<script");
    expect(text).toContain("&lt;b&gt;step&lt;/b&gt; after 2.00 ms, step = 1");
  });

  test("says so when there is none", () => {
    expect(tracesPage([]).text).toContain("No trace yet");
  });
});

describe("createRouteTable()", () => {
  const table = createRouteTable([
    { method: "GET", path: "/assets/docs.js" },
    { method: "POST", path: "/api/plugins/:name/restart" },
  ]);

  test("names a path by its template", () => {
    expect(table.templateOf("/api/plugins/echo/restart")).toBe("/api/plugins/:name/restart");
    expect(table.methodsOf("/api/plugins/echo/restart")).toEqual(["POST"]);
  });

  test("takes a template by the letter", () => {
    for (const path of ["/assets/docsxjs", "/api/plugins/a/b/restart", "/api/plugins//restart", "/"]) {
      expect(table.templateOf(path)).toBeUndefined();
    }
  });
});
