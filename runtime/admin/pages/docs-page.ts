import { type Html, html, pageOf } from "./html.ts";

/** Starts Swagger UI; a file of its own, since the pages may run no script that stands in them. */
export const docsScript = `window.addEventListener("load", () => {
  SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
});
`;

/** The API's documentation, drawn from `/openapi.json`. */
export function docsPage(): Html {
  return pageOf(
    "API",
    html`<div id="docs"></div>`,
    html`<link rel="stylesheet" href="/assets/swagger-ui.css">
<script src="/assets/swagger-ui-bundle.js" defer></script>
<script src="/assets/docs.js" defer></script>`,
  );
}
