import type { AccountReport, HealthReport, PluginReport } from "../../runtime/admin/index.ts";
import type { App } from "../../runtime/app/index.ts";

/** What `/health` answers, and its status as `code`. */
export async function healthOf({ admin }: App): Promise<HealthReport & { readonly code: number }> {
  const response = await fetch(`${admin?.url}/health`);
  // What the route answers by its schema.
  return { code: response.status, ...((await response.json()) as HealthReport) };
}

export async function accountReports(app: App): Promise<readonly AccountReport[]> {
  // What the route answers by its schema.
  const answer = (await (await ask(app, "/api/accounts")).json()) as { accounts: readonly AccountReport[] };
  return answer.accounts;
}

export async function pluginReport(app: App, name: string): Promise<PluginReport | undefined> {
  // What the route answers by its schema.
  const answer = (await (await ask(app, "/api/plugins")).json()) as { plugins: readonly PluginReport[] };
  return answer.plugins.find((plugin) => plugin.name === name);
}

/** A request with the token. */
export function ask({ admin }: App, path: string, method: "GET" | "POST" = "GET"): Promise<Response> {
  return fetch(`${admin?.url}${path}`, { method, headers: { authorization: `Bearer ${admin?.token}` } });
}
