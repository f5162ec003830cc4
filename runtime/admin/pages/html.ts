/** A page of this server: text that is put in is escaped, save what is a page part already. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Html[];

/** Template tag that escapes all it is given. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(textOf)));
}

/** The frame that all pages have; it loads nothing but its own stylesheet and the scripts that are named. */
export function pageOf(title: string, body: Html, head: Html = html``): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Telegraphist</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/admin.css">
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

export function htmlResponse(page: Html, status = 200): Response {
  return new Response(page.text, { status, headers: { "content-type": "text/html; charset=utf-8" } });
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "string" || typeof part === "number") return Bun.escapeHTML(part);
  return part.map(({ text }) => text).join("");
}
