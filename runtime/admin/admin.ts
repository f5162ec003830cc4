import { openapi } from "@elysiajs/openapi";
import { Elysia } from "elysia";
import { z } from "zod";
import type { Logger } from "../../telemetry/index.ts";
import type { AdminPort } from "./admin-port.ts";
import { isLoopback } from "./gate.ts";
import { type Answer, createRequestShell } from "./request-shell.ts";
import { createRouteTable } from "./route-table.ts";
import { apiRoutes } from "./routes/api-routes.ts";
import { configRoutes } from "./routes/config-routes.ts";
import { healthRoutes } from "./routes/health-routes.ts";
import { loginRoutes } from "./routes/login-routes.ts";
import { pageRoutes } from "./routes/page-routes.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { serve } from "./serve.ts";

export interface AdminOptions {
  /** What `loadOrCreateToken` gave. */
  readonly token: string;
  readonly version: string;
  readonly logger: Logger;
  readonly now?: () => number;
  /** A request that takes longer is answered with 503. @default 60000 */
  readonly requestTimeoutMs?: number;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface Admin {
  /** Answers a request as the server would; until `listen` told otherwise, as one that is bound to loopback. */
  handle(request: Request): Promise<Response>;
  /**
   * @returns the address, as `http://127.0.0.1:7330`
   * @throws {TelegraphistError} `ADMIN_PORT_IN_USE`, or `ADMIN_CANNOT_LISTEN` for any other reason
   */
  listen(options: ListenOptions): Promise<string>;
  /**
   * Takes no new request, and waits for those that run.
   *
   * @param options.deadlineMs after this they are cut off. @default 3000
   */
  stop(options?: { readonly deadlineMs?: number }): Promise<void>;
}

/** Makes the admin API and its pages; nothing listens yet. */
export function createAdmin(port: AdminPort, options: AdminOptions): Admin {
  const { token, version, logger, now = Date.now, requestTimeoutMs = 60_000 } = options;
  const failures = new WeakMap<Request, unknown>();
  const app = new Elysia()
    .onError(({ request, error }) => {
      failures.set(request, error);
      return new Response(null, { status: 500 });
    })
    .use(documentation(version))
    .use(healthRoutes({ port, version, now }))
    .use(apiRoutes(port))
    .use(configRoutes(port))
    .use(loginRoutes(port.logins))
    .use(sessionRoutes(port))
    .use(pageRoutes(port, version));
  const answer: Answer = async (request) => {
    const response = await app.handle(request);
    if (failures.has(request)) throw failures.get(request);
    return response;
  };

  let loopbackOnly = true;
  let server: Bun.Server<undefined> | undefined;
  const handle = createRequestShell({
    answer,
    routes: createRouteTable(app.routes),
    token,
    loopbackOnly: () => loopbackOnly,
    logger,
    requestTimeoutMs,
  });

  return {
    handle,
    async listen({ host, port: portNumber }) {
      loopbackOnly = isLoopback(host);
      server = serve({ host, port: portNumber, handle, idleTimeoutMs: requestTimeoutMs + 5000 });
      return server.url.origin;
    },
    async stop({ deadlineMs = 3000 } = {}) {
      const stopping = server;
      server = undefined;
      const timer = setTimeout(() => void stopping?.stop(true), deadlineMs);
      await stopping?.stop();
      clearTimeout(timer);
    },
  };
}

function documentation(version: string) {
  return openapi({
    provider: null,
    specPath: "/openapi.json",
    mapJsonSchema: { zod: z.toJSONSchema },
    documentation: {
      info: {
        title: "Telegraphist",
        version,
        description: "Health, accounts, plugins, events, errors, traces, and metrics of the running program.",
      },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }],
    },
  });
}
