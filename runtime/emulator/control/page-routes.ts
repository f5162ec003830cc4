import { Elysia } from "elysia";

const assets: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css",
  "swagger-ui-bundle.js": "text/javascript",
};

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Telegraphist emulator</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({ url: "/openapi.json", dom_id: "#ui" });</script>
</body>
</html>`;

/** The API's documentation to read and try, without anything from the network. */
export function pageRoutes() {
  return new Elysia({ detail: { hide: true } })
    .get("/", ({ redirect }) => redirect("/docs"))
    .get("/docs", () => new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } }))
    .get("/docs/:asset", ({ params, status }) => {
      const type = Object.hasOwn(assets, params.asset) ? assets[params.asset] : undefined;
      if (type === undefined) return status(404, "Not found");
      const file = Bun.file(Bun.resolveSync(`swagger-ui-dist/${params.asset}`, import.meta.dir));
      return new Response(file, { headers: { "content-type": type } });
    });
}
