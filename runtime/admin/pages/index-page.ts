import { type Html, html, pageOf } from "./html.ts";

const links = [
  ["/docs", "API", "every route, to be tried from the page"],
  ["/traces", "Traces", "what the latest updates set going, and how long it took"],
  ["/health", "Health", "accounts, plugins, database"],
  ["/metrics", "Metrics", "for Prometheus"],
  ["/api/plugins", "Plugins", "as JSON"],
  ["/api/accounts", "Accounts", "as JSON"],
  ["/api/events/recent", "Events", "the latest, without their content"],
  ["/api/errors", "Errors", "by code, with samples"],
] as const;

/** Where everything is. */
export function indexPage(version: string): Html {
  const items = links.map(([href, name, about]) => html`<li><a href="${href}">${name}</a> ${about}</li>\n`);
  return pageOf(
    "Admin",
    html`<main><h1>Telegraphist <small>${version}</small></h1>
<ul class="links">
${items}</ul></main>`,
  );
}

/** What a person without the token sees. */
export function loginPage(path: string): Html {
  return pageOf(
    "Token",
    html`<main><h1>Telegraphist</h1>
<p>This page needs the admin token. It stands in the file that <code>admin.tokenFile</code> names.</p>
<form method="get" action="${path}">
<label>Token <input type="password" name="token" autocomplete="off" required autofocus></label>
<button>Open</button>
</form></main>`,
  );
}
