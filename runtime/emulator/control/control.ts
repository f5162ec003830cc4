import { openapi } from "@elysiajs/openapi";
import { Elysia } from "elysia";
import { RpcError } from "../methods/rpc.ts";
import { chatRoutes } from "./chat-routes.ts";
import type { ControlPort } from "./control-port.ts";
import { faultRoutes } from "./fault-routes.ts";
import { messageRoutes } from "./message-routes.ts";
import { pageRoutes } from "./page-routes.ts";
import { serverRoutes } from "./server-routes.ts";
import { userRoutes } from "./user-routes.ts";

export interface Control {
  readonly url: string;
  stop(): Promise<void>;
}

/** Files travel as base64, which makes 32 MiB of these 24 MiB of a file. */
const maxBodyBytes = 32 * 1024 * 1024;

/** The control's routes, to be listened on or asked by `handle`. */
export function createControl(port: ControlPort) {
  return new Elysia()
    .use(
      openapi({
        provider: null,
        specPath: "/openapi.json",
        documentation: {
          info: {
            title: "Telegraphist emulator",
            version: "1",
            description: "Steers a local Telegram: people, chats, messages, faults.",
          },
        },
      }),
    )
    .onError(({ error, code, status }) => {
      if (error instanceof RpcError) {
        return status(400, {
          error: { code: error.errorMessage, message: `Telegram refuses: ${error.message}` },
        });
      }
      if (code === "VALIDATION") return status(422, failure("CONTROL_INVALID", error.message));
      if (code === "PARSE")
        return status(400, failure("CONTROL_INVALID_BODY", "Cannot read the body: not JSON"));
      if (code === "NOT_FOUND") return status(404, failure("CONTROL_NOT_FOUND", "Cannot find such a route"));
      return status(500, failure("CONTROL_FAILED", "Cannot answer: the emulator has a defect"));
    })
    .use(serverRoutes(port))
    .use(userRoutes(port.world))
    .use(chatRoutes(port.world))
    .use(messageRoutes(port.world))
    .use(faultRoutes(port.world.faults))
    .use(pageRoutes());
}

/** Listens for the control; anyone who reaches the port may steer. @throws when the port is taken */
export function startControl(
  port: ControlPort,
  { host, port: portNumber }: { readonly host: string; readonly port: number },
): Control {
  const app = createControl(port);
  const server = Bun.serve({
    hostname: host,
    port: portNumber,
    maxRequestBodySize: maxBodyBytes,
    fetch: (request) => app.handle(request),
  });
  return { url: server.url.origin, stop: () => server.stop(true) };
}

function failure(code: string, message: string) {
  return { error: { code, message } };
}
