import { Elysia } from "elysia";
import type { AdminPort } from "../admin-port.ts";
import { docsPage, docsScript } from "../pages/docs-page.ts";
import { htmlResponse } from "../pages/html.ts";
import { indexPage } from "../pages/index-page.ts";
import { stylesheet } from "../pages/stylesheet.ts";
import { tracesPage } from "../pages/traces-page.ts";

const hidden = { detail: { hide: true } };

/** Pages for people, and the files that they need; all of it is served from here. */
export function pageRoutes(port: AdminPort, version: string) {
  return new Elysia()
    .get("/", () => htmlResponse(indexPage(version)), hidden)
    .get("/traces", () => htmlResponse(tracesPage(port.recentTraces(50))), hidden)
    .get("/docs", () => htmlResponse(docsPage()), hidden)
    .get("/assets/admin.css", () => asset(stylesheet, "text/css"), hidden)
    .get("/assets/docs.js", () => asset(docsScript, "text/javascript"), hidden)
    .get("/assets/swagger-ui.css", () => asset(swaggerFile("swagger-ui.css"), "text/css"), hidden)
    .get(
      "/assets/swagger-ui-bundle.js",
      () => asset(swaggerFile("swagger-ui-bundle.js"), "text/javascript"),
      hidden,
    );
}

function swaggerFile(name: string): Blob {
  return Bun.file(Bun.resolveSync(`swagger-ui-dist/${name}`, import.meta.dir));
}

function asset(content: string | Blob, type: string): Response {
  return new Response(content, {
    headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "max-age=3600" },
  });
}
